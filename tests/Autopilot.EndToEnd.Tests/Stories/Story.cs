using System.Globalization;
using System.Text;
using Autopilot.Cce;
using Autopilot.Core;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.EndToEnd.Tests.Stories;

/// <summary>
/// One scenario of the simulator as a person reads it: polled through the real client and the real tracking, a second after each change and
/// every minute, on a clock of its own. It describes the state after each change, in the middle of each stretch, and each time the
/// assessment changes.
/// </summary>
internal sealed class Story : IAsyncDisposable
{
    /// <summary>How long a scenario without a final state is still polled.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly DateTimeOffset Origin = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock;
    private readonly StringBuilder _told = new();
    private readonly SimulatedWorkflow _workflow;
    private readonly SimulatorApp _upstream;
    private readonly ServiceProvider _services;

    private Story(SimulatedWorkflow workflow, SimulatorApp upstream, ServiceProvider services, FakeTimeProvider clock) =>
        (_workflow, _upstream, _services, _clock) = (workflow, upstream, services, clock);

    /// <param name="experience">What is normal; null where nothing is known yet.</param>
    public static async Task<Story> BeginAsync(Scenario scenario, Baseline? experience)
    {
        var clock = new FakeTimeProvider(Origin);
        var workflow = SimulatedFleet.Create(1, seed: 7, stagger: TimeSpan.Zero, scenarios: [scenario]).Workflows[0] with
        {
            CreatedAfter = TimeSpan.Zero,
            Variation = 1,
        };
        var simulator = new SimulatorOptions { Fleet = SimulatedFleet.Of(workflow) };
        var upstream = SimulatorApp.Create(simulator, clock);
        await upstream.StartAsync();

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Cce:Endpoint"] = upstream.BaseAddress.GetLeftPart(UriPartial.Authority),
                    ["Cce:AccessKey"] = simulator.AccessKey,
                    ["Cce:SecretKey"] = simulator.SecretKey,
                }
            )
            .Build();
        var row = new TrackedWorkflow
        {
            Target = new WorkflowTarget(workflow.ProjectId, workflow.ClusterId, workflow.Id),
            ClusterName = workflow.ClusterName,
            TrackedAt = Origin,
        };
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(clock)
            .AddStore(new OneRow(row))
            .AddSingleton<IBaselineStore>(
                new BaselineInMemory { Kept = experience is null ? null : new StoredBaseline(experience, Origin) }
            )
            .AddAutopilotCore(configuration)
            .AddAutopilotCce(configuration);
        return new Story(workflow, upstream, services.BuildServiceProvider(), clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    /// <summary>
    /// How it stood when it was blocked, stalled or rolling back, for the last time; null if it never was. Set by the run of the story.
    /// </summary>
    public (WorkflowSummary Summary, UpgradeTimeline Timeline)? Worst { get; private set; }

    /// <summary>The state at the end. Set by the run of the story.</summary>
    public (WorkflowSummary Summary, UpgradeTimeline Timeline)? Last { get; private set; }

    /// <summary>The whole story.</summary>
    public async Task<string> TellAsync(CancellationToken cancellationToken)
    {
        _told.AppendLine(
            CultureInfo.InvariantCulture,
            $"{_workflow.Life.Name}: {_workflow.ClusterName}, {_workflow.FromVersion} to {_workflow.TargetVersion}, created {Time(Origin)}"
        );
        string? meaning = null;
        foreach (var (at, what) in Moments(_upstream.World.StatesOf(_workflow.Id)))
        {
            _clock.SetUtcNow(at);
            var (summary, row) = await PollAsync(cancellationToken);
            if (what is not null || Meaning(summary) != meaning)
            {
                Tell(summary, what ?? "(nothing has changed)");
            }

            meaning = Meaning(summary);
            // The last state of its kind shows most: it includes everything before.
            if (summary.Assessment is Assessment.Blocked or Assessment.Stalled or Assessment.RollingBack)
            {
                Worst = (summary, UpgradeTimeline.Of(row, Baseline.Empty));
            }

            Last = (summary, UpgradeTimeline.Of(row, Baseline.Empty));
        }

        return _told.Replace("\r\n", "\n").ToString();
    }

    /// <summary>When it is polled, in order; with a heading if it is described in any case.</summary>
    private static IEnumerable<(DateTimeOffset At, string? What)> Moments(IReadOnlyList<WorkflowState> states)
    {
        foreach (var (state, next) in states.Zip(states.Skip(1).Append(null)))
        {
            var first = state.At + Second;
            yield return (first, state.What);
            if (state.IsFinal)
            {
                yield break;
            }

            var end = next?.At ?? state.At + Patience;
            var middle = Whole(state.At + (end - state.At) / 2, Second);
            for (var minute = Whole(first, TimeSpan.FromMinutes(1)); minute < end; minute += TimeSpan.FromMinutes(1))
            {
                if (middle > minute - TimeSpan.FromMinutes(1) && middle < minute)
                {
                    yield return (middle, "(midway)");
                }

                if (minute > first)
                {
                    yield return (minute, minute == middle ? "(midway)" : null);
                }
            }

            if (middle > Whole(end, TimeSpan.FromMinutes(1)) && middle > first)
            {
                yield return (middle, "(midway)");
            }
        }
    }

    private static DateTimeOffset Whole(DateTimeOffset moment, TimeSpan unit) => moment.AddTicks(-(moment.UtcTicks % unit.Ticks));

    private async Task<(WorkflowSummary Summary, TrackedWorkflow Row)> PollAsync(CancellationToken cancellationToken)
    {
        var row = await _services.GetRequiredService<WorkflowPoller>().PollAsync(_workflow.Id, cancellationToken);
        var baseline = await _services.GetRequiredService<BaselineCache>().CurrentAsync(cancellationToken);
        return (
            WorkflowSummarizer.Summarize(row!, baseline, _clock.GetUtcNow(), _services.GetRequiredService<Cadence>().IntervalOf(row!)),
            row!
        );
    }

    private static string Meaning(WorkflowSummary summary) =>
        $"{summary.Assessment} {summary.BlockingTask?.Type} {summary.BlockingTask?.Reason} "
        + $"{string.Join(' ', summary.Insights.Select(insight => insight.Code))}";

    private void Tell(WorkflowSummary summary, string what)
    {
        _told.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{Time(_clock.GetUtcNow())}  {what}");
        var blocking = summary.BlockingTask;
        Line(
            "means",
            $"{summary.Assessment}, phase {summary.Phase}, {summary.Progress?.Completed} of {summary.Progress?.Total} done"
                + (
                    blocking is null
                        ? ""
                        : $"; {blocking.Type} {blocking.Reason} ({blocking.Status}) since {Time(blocking.Since)}, "
                            + $"{Seconds(blocking.BlockedSeconds)}"
                )
        );
        Line("headline", summary.Headline);
        if (blocking is not null)
        {
            Line("message", blocking.Message);
            Line("to do", blocking.Remediation);
            foreach (var detail in blocking.Details ?? [])
            {
                Line(
                    "detail",
                    $"{detail.Name} ["
                        + string.Join(", ", new[] { detail.Group, detail.Kind, detail.Level }.Concat(detail.ErrorCodes).OfType<string>())
                        + $"] {detail.Message}"
                );
            }
        }

        if (OfferedActions.Of(summary.Actions) is { } offered)
        {
            Line("may", offered);
        }

        if (summary.Estimate is { } left)
        {
            Line(
                "left",
                $"{Seconds(left.RemainingSeconds)} (P80 {Seconds(left.RemainingP80Seconds)}), until {Time(left.CompletesAt)}; "
                    + $"{left.Basis} of {left.SampleSize.ToString(CultureInfo.InvariantCulture)}"
            );
        }

        foreach (var insight in summary.Insights)
        {
            Line(
                "insight",
                $"{insight.Level} {insight.Code} {insight.Task} since {Time(insight.Since)}: {insight.Summary} {insight.Remediation}"
            );
        }

        Line(
            "time",
            $"{Seconds(summary.ElapsedSeconds)}, {Seconds(summary.ActiveSeconds)} of work, {Seconds(summary.WaitingSeconds)} of waiting"
                + string.Concat(
                    summary
                        .Tasks.Where(task => task.WaitSeconds is not null || task.DurationSeconds is not null)
                        .Select(task =>
                            $"; {task.Type} {task.Status} waited {Seconds(task.WaitSeconds)}, ran "
                            + $"{string.Join(" and ", task.Runs.Select(run => Seconds(run.DurationSeconds)).DefaultIfEmpty("–"))}"
                        )
                )
        );
    }

    private void Line(string name, string text) => _told.AppendLine(CultureInfo.InvariantCulture, $"  {name, -9} {text}");

    private static string Time(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture) ?? "–";

    private static string Seconds(double? seconds) => seconds?.ToString("0.### 's'", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A store of one row without other writers.</summary>
    private sealed class OneRow(TrackedWorkflow row) : IWorkflowReader, IObservationStore
    {
        public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken) =>
            Task.FromResult<TrackedWorkflow?>(row);

        public Task<WriteReport> WriteAsync(
            Shard shard,
            IReadOnlyList<WorkflowWrite> writes,
            ShardStatus? status,
            CancellationToken cancellationToken
        )
        {
            row = Assert.Single(writes).After;
            return Task.FromResult(new WriteReport([WriteOutcome.Committed], new Dictionary<int, TrackedWorkflow>(), 0, 0));
        }

        public Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
