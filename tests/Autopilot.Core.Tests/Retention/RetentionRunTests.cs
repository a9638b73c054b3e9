using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tests.Notifications;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Retention;

public sealed class RetentionRunTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 30, 0, TimeSpan.Zero);

    private readonly RetentionInMemory _store = new();
    private readonly MemoryOutbox _outbox = new();
    private readonly BaselineInMemory _baselines = new();
    private readonly FakeTimeProvider _clock = new(Now);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_default_history_is_kept_for_half_a_year_and_runs_for_ever()
    {
        _store.Runs.Add(Now.AddYears(-9));

        var result = await Pass().RunAsync(Cancel);

        Assert.Equal(new RetentionLimits(Now.AddDays(-180), null, null), _store.Asked);
        Assert.Equal((0, 0, 0, true), (result.Workflows, result.States, result.Runs, result.Complete));
        Assert.Single(_store.Runs);
    }

    [Fact]
    public async Task A_run_deletes_what_is_expired_in_every_shard_and_says_how_much()
    {
        _store.Expired.AddRange([
            Expired("wf-1", states: 5),
            Expired("wf-2", states: 3),
            Expired("wf-3", ExpiryReason.Untracked, states: 7),
            Expired("wf-4", ExpiryReason.TooManyStates, states: 2),
            Expired("wf-5", ExpiryReason.PurgeInterrupted, states: 1),
        ]);

        var result = await Pass().RunAsync(Cancel);

        Assert.Equal(["wf-1", "wf-2", "wf-3", "wf-4", "wf-5"], _store.Deleted.Order());
        // The rows of the third and the fourth stay.
        Assert.Equal((3, 18, true), (result.Workflows, result.States, result.Complete));
        Assert.Equivalent(new RetentionRecord(Now, result), _store.Last, strict: true);
    }

    [Fact]
    public async Task What_was_taken_up_again_meanwhile_is_not_counted()
    {
        _store.Expired.AddRange([Expired("wf-1"), Expired("wf-2")]);
        _store.Deleting = (expired, _) => Task.FromResult(expired.WorkflowId != "wf-1");

        Assert.Equal(1, (await Pass().RunAsync(Cancel)).Workflows);
    }

    [Fact]
    public async Task A_workflow_that_settings_name_keeps_its_row()
    {
        _store.Expired.AddRange([Expired("wf-1", states: 4), Expired("wf-2", states: 0), Expired("wf-3", states: 2)]);
        var pass = Pass(
            tracking: new TrackingOptions { Workflows = [new WorkflowTarget("p", "c", "wf-1"), new WorkflowTarget("p", "c", "wf-2")] }
        );

        Assert.Equal(
            [(ExpiryReason.Ended, "wf-3"), (ExpiryReason.NamedInSettings, "wf-1")],
            (await pass.PreviewAsync(Cancel)).Examples.Select(e => (e.Reason, e.WorkflowId)).Order()
        );
        var result = await pass.RunAsync(Cancel);

        Assert.Equal((1, 6), (result.Workflows, result.States));
        // Its history is gone already: there is nothing to do about the second.
        Assert.Equal(["wf-1", "wf-3"], _store.Deleted.Order());
    }

    [Fact]
    public async Task Records_of_undelivered_notifications_go_after_a_month_without_newer_ones()
    {
        _outbox.Undelivered.AddRange([Undelivered(Now.AddDays(-31)), Undelivered(Now.AddDays(-29))]);

        await Pass().RunAsync(Cancel);

        Assert.Equal(Now.AddDays(-29), Assert.Single(_outbox.Undelivered).GivenUpAt);
    }

    [Fact]
    public async Task What_waits_for_webhooks_that_are_no_longer_set_goes_after_a_month()
    {
        var (running, blocked) = (TransitionSamples.StateOf(Assessment.Progressing), TransitionSamples.StateOf(Assessment.Blocked));
        _outbox.Add(
            TransitionSamples.Turn("w1", 1, Now.AddDays(-32), running, blocked),
            TransitionSamples.Turn("w1", 2, Now.AddDays(-31), blocked, running),
            TransitionSamples.Turn("w1", 3, Now.AddDays(-29), running, blocked)
        );
        _outbox.Add(TransitionSamples.Turn("w2", 1, Now.AddDays(-1), running, blocked));

        await Pass().RunAsync(Cancel);

        var left = await Task.WhenAll(Shard.All.Select(shard => _outbox.ReadAsync(shard, Cancel)));
        Assert.Equal(
            [("w1", 3L), ("w2", 1L)],
            left.SelectMany(queues => queues).SelectMany(queue => queue.Notifications).Select(n => (n.WorkflowId, n.Sequence)).Order()
        );
        Assert.Equal(2, _outbox.Writes);
    }

    [Fact]
    public async Task Records_of_webhooks_no_longer_set_go_after_a_month_and_others_stay()
    {
        var shard = Shard.All[3];
        _outbox.Note(shard, "kept", Now.AddDays(-300));
        _outbox.Note(shard, "removed", Now.AddDays(-31));
        _outbox.Note(shard, "Kept", Now.AddDays(-31));
        _outbox.Note(shard, "removed-lately", Now.AddDays(-29));
        _outbox.Note(Shard.All[4], "removed", Now.AddDays(-31));

        await Pass(notifications: Set("kept")).RunAsync(Cancel);

        Assert.Equal(["kept", "removed-lately"], (await _outbox.ReadStatusAsync(shard, Cancel)).LastDelivered.Keys.Order());
        Assert.Empty((await _outbox.ReadStatusAsync(Shard.All[4], Cancel)).LastDelivered);

        // Without any webhook they go, too.
        await Pass().RunAsync(Cancel);
        Assert.Equal(["removed-lately"], (await _outbox.ReadStatusAsync(shard, Cancel)).LastDelivered.Keys);
    }

    [Fact]
    public async Task A_preview_returns_the_same_and_deletes_nothing()
    {
        _store.Expired.AddRange(
            Enumerable.Range(0, 150).Select(i => Expired($"wf-{i}", i % 2 == 0 ? ExpiryReason.Ended : ExpiryReason.Untracked, states: 2))
        );
        _store.Runs.AddRange([Now.AddDays(-400), Now.AddDays(-300), Now.AddDays(-1)]);
        var pass = Pass(new RetentionOptions { Runs = TimeSpan.FromDays(200) });

        var preview = await pass.PreviewAsync(Cancel);

        Assert.Equal(
            (75, 300, 2, RetentionRun.MaxExamples, null),
            (preview.Workflows, preview.States, preview.Runs, preview.Examples.Count, preview.Last)
        );
        Assert.Empty(_store.Deleted);
        var result = await pass.RunAsync(Cancel);
        Assert.Equal((preview.Workflows, preview.States, preview.Runs), (result.Workflows, result.States, result.Runs));
        Assert.Equal(Now, (await pass.PreviewAsync(Cancel)).Last!.StartedAt);
    }

    [Fact]
    public async Task A_failing_shard_is_reported_once_and_the_others_continue()
    {
        _store.Expired.AddRange(Enumerable.Range(0, 64).Select(i => Expired($"wf-{i}")));
        var broken = Shard.All.Where(shard => shard.Index % 2 == 0).ToHashSet();
        _store.Failure = shard =>
            broken.Contains(shard) ? new StorageUnavailableException("The table service failed (503 ServerBusy).") : null;

        var result = await Pass().RunAsync(Cancel);

        Assert.Equal(_store.Expired.Count(e => !broken.Contains(Shard.Of(e.WorkflowId))), result.Workflows);
        Assert.False(result.Complete);
        Assert.Equal(["The table service failed (503 ServerBusy)."], result.Errors);
    }

    [Fact]
    public async Task A_run_ends_when_its_time_is_spent_and_the_next_continues()
    {
        _store.Expired.AddRange(Enumerable.Range(0, 64).Select(i => Expired($"wf-{i}")));
        var (slow, inTurn) = (0, new Lock());
        _store.Deleting = (_, token) =>
        {
            // The other shards must not run ahead while the clock is moved.
            lock (inTurn)
            {
                if (++slow == 10)
                {
                    _clock.Advance(TimeSpan.FromMinutes(4));
                }
            }

            token.ThrowIfCancellationRequested();
            return Task.FromResult(true);
        };
        var pass = Pass();

        var first = await pass.RunAsync(Cancel);
        Assert.False(first.Complete);
        Assert.InRange(first.Workflows, 1, 20);
        Assert.Equal("The time for one run is spent; the next continues.", Assert.Single(first.Errors));
        Assert.Equivalent(first, _store.Last!.Result, strict: true);

        _store.Expired.RemoveAll(e => _store.Deleted.Contains(e.WorkflowId));
        var second = await pass.RunAsync(Cancel);
        Assert.Equal((64 - first.Workflows, true), (second.Workflows, second.Complete));
    }

    [Fact]
    public async Task A_shorter_time_than_the_settings_say_can_be_asked_for_and_no_longer_one()
    {
        _store.Expired.Add(Expired("wf-1"));
        var waits = new TaskCompletionSource();
        _store.Deleting = async (_, token) =>
        {
            waits.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, token);
            return true;
        };

        foreach (var (asked, settings, spent) in new[] { (10, 240, 10), (600, 240, 240) })
        {
            waits = new TaskCompletionSource();
            var running = Pass(new RetentionOptions { Budget = TimeSpan.FromSeconds(settings) })
                .RunAsync(TimeSpan.FromSeconds(asked), Cancel);
            await waits.Task;
            _clock.Advance(TimeSpan.FromSeconds(spent) - TimeSpan.FromMilliseconds(1));
            Assert.False(running.IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(spent, (await running).DurationSeconds);
        }
    }

    [Fact]
    public async Task A_process_that_stops_ends_its_run_cleanly()
    {
        _store.Expired.AddRange([Expired("wf-1"), Expired("wf-2")]);
        using var stopping = new CancellationTokenSource();
        _store.Deleting = async (_, token) =>
        {
            await stopping.CancelAsync();
            // Of two shards at once the second finds it cancelled before the token knows.
            await Task.Delay(Timeout.Infinite, token);
            return true;
        };

        var result = await Pass().RunAsync(stopping.Token);

        Assert.Equal((0, false), (result.Workflows, result.Complete));
        Assert.Equal("The process is stopping; the next run continues.", Assert.Single(result.Errors));
    }

    [Fact]
    public async Task When_runs_go_the_baseline_is_computed_from_those_that_stay()
    {
        var cache = new BaselineCache(_baselines, _clock, NullLogger<BaselineCache>.Instance);
        _baselines.Runs.AddRange(
            Enumerable.Range(0, 4).Select(i => Reporting.BaselineTests.Run(i, 600) with { EndedAt = Now.AddDays(-40) })
        );
        _baselines.Kept = new StoredBaseline(
            BaselineBuilder.Of(Enumerable.Range(0, 9).Select(i => Reporting.BaselineTests.Run(i, 60))),
            Now
        );
        _store.Runs.Add(Now.AddDays(-100));

        await new RetentionRun(
            _store,
            _outbox,
            cache,
            Options.Create(new RetentionOptions { Runs = TimeSpan.FromDays(90) }),
            Options.Create(new TrackingOptions()),
            Options.Create(new NotificationOptions()),
            _clock,
            NullLogger<RetentionRun>.Instance
        ).RunAsync(Cancel);

        Assert.Equal(4, (await cache.CurrentAsync(Cancel)).Find(UpgradeTaskType.Cluster, "v1.28")!.Count);
        Assert.Equal(1, _baselines.Writes);

        // Nothing more has gone: it is not made a third time.
        await new RetentionRun(
            _store,
            _outbox,
            cache,
            Options.Create(new RetentionOptions { Runs = TimeSpan.FromDays(90) }),
            Options.Create(new TrackingOptions()),
            Options.Create(new NotificationOptions()),
            _clock,
            NullLogger<RetentionRun>.Instance
        ).RunAsync(Cancel);
        Assert.Equal(1, _baselines.Writes);
    }

    [Fact]
    public void An_age_that_reaches_behind_the_calendar_keeps_everything() =>
        Assert.Equal(
            new RetentionLimits(null, 3, null),
            RetentionLimits.At(
                DateTimeOffset.MinValue.AddDays(2),
                new RetentionOptions { History = TimeSpan.FromDays(36500), MaxStates = 3 }
            )
        );

    private RetentionRun Pass(
        RetentionOptions? options = null,
        TrackingOptions? tracking = null,
        NotificationOptions? notifications = null
    ) =>
        new(
            _store,
            _outbox,
            new BaselineCache(_baselines, _clock, NullLogger<BaselineCache>.Instance),
            Options.Create(options ?? new RetentionOptions()),
            Options.Create(tracking ?? new TrackingOptions()),
            Options.Create(notifications ?? new NotificationOptions()),
            _clock,
            NullLogger<RetentionRun>.Instance
        );

    private static NotificationOptions Set(string name) =>
        new()
        {
            Webhooks =
            [
                new Webhook
                {
                    Name = name,
                    Url = new Uri("https://hooks.example/x"),
                    Format = WebhookFormat.CloudEvents,
                },
            ],
        };

    private static UndeliveredNotification Undelivered(DateTimeOffset givenUpAt) =>
        new()
        {
            Webhook = "events",
            Id = "wf-1.1.0",
            WorkflowId = "wf-1",
            Sequence = 1,
            At = givenUpAt,
            GivenUpAt = givenUpAt,
            Attempts = 3,
            Headline = "h",
        };

    private static ExpiredWorkflow Expired(string id, ExpiryReason reason = ExpiryReason.Ended, long states = 1) =>
        new(id, reason, Now.AddDays(-200), states, states, states, "v1");
}
