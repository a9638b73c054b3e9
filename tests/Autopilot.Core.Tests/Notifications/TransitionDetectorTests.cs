using Autopilot.Core.Reporting;
using Autopilot.Core.Tests.Tracking;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Notifications;

/// <summary>What a cycle stores for a transition: the notification is part of the write that stores the cause.</summary>
public sealed class TransitionDetectorTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly ScriptedSource _upstream = new();
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly List<ServiceProvider> _providers = [];

    public void Dispose() => _providers.ForEach(p => p.Dispose());

    [Fact]
    public async Task The_first_read_and_each_later_transition_are_stored_in_order()
    {
        Track("w1");
        await CycleAsync();
        Show("Pending");
        await CycleAsync(minutes: 1);
        Show("Success");
        await CycleAsync(minutes: 5);

        Assert.Equal(
            [(1, Assessment.Unknown, Assessment.Progressing, false), (2, Assessment.Progressing, Assessment.Completed, true)],
            _store.Notifications.Select(n => ((int)n.Sequence, n.From.Assessment!.Value, n.To.Assessment!.Value, n.Final))
        );
        Assert.Equal(
            ("w1", "c1", "p1", "v1.28.6-r0"),
            (
                _store.Notifications[0].WorkflowId,
                _store.Notifications[0].Facts.ClusterId,
                _store.Notifications[0].Facts.ProjectId,
                _store.Notifications[0].Facts.TargetVersion
            )
        );
        Assert.Equal("Cluster", _store.Notifications[0].Facts.BlockingTask!.Type.Value);
    }

    [Fact]
    public async Task A_transition_by_time_alone_is_stored_without_a_new_state()
    {
        Track("w1");
        await CycleAsync();
        _store.Notifications.Clear();

        for (var minute = 0; minute < 70; minute++)
        {
            await CycleAsync(minutes: 1);
        }

        var stalled = Assert.Single(_store.Notifications);
        Assert.Equal((2, Assessment.Progressing, Assessment.Stalled), (stalled.Sequence, stalled.From.Assessment, stalled.To.Assessment));
        Assert.Single(_store.HistoryOf("w1"));
        Assert.Equal(new LastNotified(stalled.To, 2), _store["w1"].LastNotified);
    }

    [Fact]
    public async Task A_workflow_that_is_gone_is_notified_without_a_new_state()
    {
        Track("w1");
        await CycleAsync();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.NotFound, "Upstream does not know it.");
        for (var i = 0; i < 5; i++)
        {
            await CycleAsync(minutes: 1, dueOnly: false);
        }

        Assert.Equal([Assessment.Progressing, Assessment.Gone], _store.Notifications.Select(n => n.To.Assessment!.Value));
    }

    [Fact]
    public async Task A_failed_read_is_no_transition()
    {
        Track("w1");
        await CycleAsync();
        _upstream.Answer = _ => throw new UpstreamException(UpstreamFailure.Unavailable, "Upstream is away.");
        await CycleAsync(minutes: 1);

        Assert.Single(_store.Notifications);
    }

    [Fact]
    public async Task Without_webhooks_nothing_is_written_or_remembered()
    {
        Track("w1");
        await CycleAsync(settings: []);

        Assert.Empty(_store.Notifications);
        Assert.Null(_store["w1"].LastNotified);
    }

    [Fact]
    public async Task What_was_so_before_there_were_webhooks_is_old_news()
    {
        Track("w1");
        await CycleAsync(settings: []);
        await CycleAsync(minutes: 1);
        Assert.Empty(_store.Notifications);
        Assert.Equal(Assessment.Progressing, _store["w1"].LastNotified!.Latest.Assessment);

        Show("Success");
        await CycleAsync(minutes: 1);
        Assert.Equal(Assessment.Completed, Assert.Single(_store.Notifications).To.Assessment);
    }

    [Theory]
    [InlineData("00:00:00", 1)]
    [InlineData("00:02:00", 2)]
    public async Task An_unwanted_transition_costs_a_row_only_with_debouncing(string settleFor, int rows)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Notifications:SettleFor"] = settleFor,
            ["Notifications:Webhooks:0:Assessments:0"] = "Completed",
        };
        Track("w1");
        await CycleAsync(settings: settings);
        Show("Success");
        await CycleAsync(minutes: 1, settings: settings);

        Assert.Equal(rows, _store.Notifications.Count);
        Assert.Equal(
            (Assessment.Progressing, Assessment.Completed, rows),
            (_store.Notifications[^1].From.Assessment, _store.Notifications[^1].To.Assessment, _store.Notifications[^1].Sequence)
        );
    }

    [Fact]
    public async Task Another_cluster_than_the_webhooks_costs_nothing()
    {
        Track("w1");
        await CycleAsync(settings: new() { ["Notifications:Webhooks:0:Clusters"] = "c7, c8" });

        Assert.Empty(_store.Notifications);
    }

    [Fact]
    public async Task Workflow_whose_first_read_is_final_is_not_notified()
    {
        Track("w1");
        Show("Success");
        await CycleAsync();

        Assert.Empty(_store.Notifications);
        Assert.Equal(Assessment.Completed, _store["w1"].LastNotified!.Latest.Assessment);
    }

    [Fact]
    public async Task A_new_state_is_read_again_after_the_debounce_time()
    {
        Track("w1");
        Show("Pending");
        await CycleAsync();

        Assert.Equal(Start.AddMinutes(2), _store["w1"].NextPollAt);
    }

    [Fact]
    public async Task A_requested_poll_notifies_too()
    {
        Track("w1");
        await Provider().GetRequiredService<WorkflowPoller>().PollAsync("w1", CancellationToken.None);

        Assert.Single(_store.Notifications);
    }

    private void Track(string id) =>
        _store.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", id),
                TrackedAt = Start,
                NextPollAt = Start,
            }
        );

    private void Show(string phase) => _upstream.Answer = target => Task.FromResult(ScriptedSource.Document(target, phase));

    private Task<CycleResult> CycleAsync(int minutes = 0, bool dueOnly = true, Dictionary<string, string?>? settings = null)
    {
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        return Provider(settings).GetRequiredService<PollCycle>().RunAsync(new CycleRequest(dueOnly), CancellationToken.None);
    }

    private ServiceProvider Provider(Dictionary<string, string?>? settings = null)
    {
        if (settings is null or { Count: > 0 })
        {
            settings = new(settings ?? []) { ["Notifications:Webhooks:0:Url"] = "https://hooks.example/x" };
        }

        var provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_clock)
            .AddStore(_store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton<IUpgradeWorkflowSource>(_upstream)
            .AddAutopilotCore(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }
}
