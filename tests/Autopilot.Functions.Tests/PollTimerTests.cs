using System.Globalization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions.Tests;

public sealed class PollTimerTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-23T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_tick_polls_what_is_due_and_leaves_the_rest()
    {
        var store = new WorkflowsInMemory(Workflow("due", dueAt: Now), Workflow("later", dueAt: Now.AddMinutes(1)));
        var upstream = new Upstream();
        using var host = Host(store, upstream);

        await TickAsync(host);

        Assert.Equal(["due"], upstream.Asked);
        Assert.Equal(Now, store["due"].ObservedAt);
        Assert.True(store["due"].NextPollAt > Now);
        Assert.Null(store["later"].ObservedAt);
        Assert.Equal(["CycleDone"], Told(host));
    }

    [Fact]
    public async Task A_late_tick_runs_once_and_says_since_when_ticks_were_missed()
    {
        var upstream = new Upstream();
        using var host = Host(new WorkflowsInMemory(Workflow("due", dueAt: Now.AddHours(-2))), upstream);

        await TickAsync(
            host,
            new TimerInfo
            {
                IsPastDue = true,
                ScheduleStatus = new ScheduleStatus { Last = new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc) },
            }
        );

        Assert.Equal(["due"], upstream.Asked);
        Assert.Equal(["PollTimerLate", "CycleDone"], Told(host));
        var late = host.Services.GetFakeLogCollector().GetSnapshot().Single(record => record.Id.Name == "PollTimerLate");
        Assert.Equal(LogLevel.Warning, late.Level);
        Assert.Contains("2026-11-23T10:00:00", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_tick_of_a_timer_that_has_no_record_yet_runs_too()
    {
        var upstream = new Upstream();
        using var host = Host(new WorkflowsInMemory(Workflow("due", dueAt: Now)), upstream);

        await TickAsync(host, new TimerInfo { IsPastDue = true });

        Assert.Equal(["due"], upstream.Asked);
        Assert.Equal(["PollTimerLate", "CycleDone"], Told(host));
    }

    [Fact]
    public async Task A_host_that_stops_in_the_middle_of_a_cycle_loses_nothing_that_was_observed()
    {
        var store = new WorkflowsInMemory(Workflow("quick", dueAt: Now), Workflow("slow", dueAt: Now));
        var upstream = new Upstream { NeverAnswers = "slow" };
        using var host = Host(store, upstream);
        using var stopping = new CancellationTokenSource();

        var tick = TickAsync(host, cancellationToken: stopping.Token);
        await upstream.WaitsForever.Task;
        await upstream.Answered.Task;
        await stopping.CancelAsync();
        await tick;

        Assert.Equal(Now, store["quick"].ObservedAt);
        Assert.Null(store["slow"].ObservedAt);
        Assert.Equal(Now, store["slow"].NextPollAt);
        var done = Assert.Single(host.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "CycleDone");
        Assert.Equal(LogLevel.Warning, done.Level);
        Assert.Contains("complete False", done.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_fails_to_read_is_no_failed_execution()
    {
        var store = new WorkflowsInMemory(Workflow("bad", dueAt: Now), Workflow("good", dueAt: Now));
        using var host = Host(store, new Upstream { Fails = "bad" });

        await TickAsync(host);

        Assert.Equal(UpstreamFailure.Unavailable, store["bad"].Failure?.Kind);
        Assert.Equal(Now, store["good"].ObservedAt);
    }

    [Fact]
    public async Task Transitions_of_a_cycle_are_delivered_after_it_and_only_then()
    {
        var sender = new Sender();
        var store = new WorkflowsInMemory(Workflow("due", dueAt: Now));
        using var host = Host(store, new Upstream(), sender: sender, outbox: new OutboxOfOne(Now, () => store["due"].ObservedAt));

        await TickAsync(host);

        // By the time that the outbox is looked at, the cycle has stored what it saw.
        Assert.Equal([Now], sender.StoredBy);
    }

    [Fact]
    public async Task What_a_cycle_throws_reaches_the_platform_so_that_it_records_a_failed_execution()
    {
        using var host = Host(new WorkflowsInMemory(Workflow("due", dueAt: Now)), new Upstream(), new BrokenClock());

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => TickAsync(host));

        Assert.Equal("The clock is broken.", thrown.Message);
    }

    private static Task TickAsync(IHost host, TimerInfo? timer = null, CancellationToken cancellationToken = default) =>
        ActivatorUtilities.CreateInstance<PollTimer>(host.Services).RunAsync(timer ?? new TimerInfo(), cancellationToken);

    private static IHost Host(
        WorkflowsInMemory store,
        IUpgradeWorkflowSource upstream,
        TimeProvider? clock = null,
        INotificationSender? sender = null,
        INotificationOutbox? outbox = null
    )
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(HostSettings.Enough);
        if (sender is not null && outbox is not null)
        {
            builder.Configuration.AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Notifications:Webhooks:0:Url"] = "https://hooks.example/x",
                    ["Notifications:SettleFor"] = "00:00:00",
                }
            );
            builder.Services.AddSingleton(sender).AddSingleton(outbox);
        }

        builder.AddAutopilot();
        // Workflows in memory have no clusters: nothing is discovered.
        builder.Services.RemoveAll<IClusterStore>();
        builder
            .Services.AddStore(store)
            .AddSingleton<IBaselineStore>(new BaselineInMemory())
            .AddSingleton(upstream)
            .AddSingleton(clock ?? new FixedClock())
            .AddFakeLogging();
        return builder.Build();
    }

    private static IEnumerable<string?> Told(IHost host) =>
        host
            .Services.GetFakeLogCollector()
            .GetSnapshot()
            .Where(record => record.Category!.StartsWith("Autopilot.", StringComparison.Ordinal))
            .Select(record => record.Id.Name);

    private static TrackedWorkflow Workflow(string id, DateTimeOffset dueAt) =>
        new()
        {
            Target = new WorkflowTarget("project", "cluster", id),
            TrackedAt = Now.AddDays(-1),
            NextPollAt = dueAt,
            Sequence = 1,
            State = Upstream.State,
            Hash = Upstream.Hash,
        };

    /// <summary>Shows every workflow in one and the same state.</summary>
    private sealed class Upstream : IUpgradeWorkflowSource
    {
        public const string Hash = "0000";

        public static readonly UpgradeWorkflow State = new() { Phase = WorkflowPhase.Running };

        private readonly Lock _lock = new();
        private readonly List<string> _asked = [];

        public string? Fails { get; init; }

        public string? NeverAnswers { get; init; }

        public TaskCompletionSource WaitsForever { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Asked
        {
            get
            {
                lock (_lock)
                {
                    return [.. _asked];
                }
            }
        }

        public UpstreamStatus Status { get; } = new(null, null, null);

        public async Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _asked.Add(target.WorkflowId);
            }

            if (target.WorkflowId == Fails)
            {
                throw new UpstreamException(UpstreamFailure.Unavailable, "Upstream is away.");
            }

            if (target.WorkflowId == NeverAnswers)
            {
                WaitsForever.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            Answered.TrySetResult();
            return new WorkflowObservation(State, Hash, "{}"u8.ToArray());
        }

        public Task<FailureReport?> ReadFailureAsync(
            WorkflowTarget target,
            UpgradeTaskType type,
            string taskId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<IReadOnlyList<WorkflowObservation>> ListAsync(
            string projectId,
            string clusterId,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }

    private sealed class Sender : INotificationSender
    {
        public List<DateTimeOffset?> StoredBy { get; } = [];

        public Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken)
        {
            StoredBy.Add(notification.Facts.ObservedAt);
            return Task.FromResult(new SendResult(true, 200, null, TimeSpan.Zero));
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The clock is broken.");
    }
}
