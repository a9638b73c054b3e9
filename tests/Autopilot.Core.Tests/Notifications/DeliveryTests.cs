using System.Collections.Frozen;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tests.Tracking;
using Autopilot.Core.Workflows;
using CsCheck;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Notifications;

/// <summary>At least once, in order per workflow and webhook, and no webhook delayed by another's failure.</summary>
public sealed class DeliveryTests
{
    private readonly FakeTimeProvider _clock = new(TransitionSamples.Start);
    private readonly MemoryOutbox _outbox = new();
    private readonly ScriptedSender _sender = new();
    private readonly MemoryStore _workflows = new();
    private readonly OutboxSchedule _watch = new();
    private readonly FakeLogCollector _log = new();
    private readonly NotificationOptions _options = new() { SettleFor = TimeSpan.Zero, Webhooks = [Hook("ops")] };

    [Fact]
    public async Task What_waits_is_delivered_in_order_and_leaves_the_outbox()
    {
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Progressing), (0, Assessment.Slow), (0, Assessment.Blocked)));

        var result = await RunAsync();

        Assert.Equal(new DeliveryResult(3, 0, 0), result);
        Assert.Equal(["w1/1", "w1/2", "w1/3"], _sender.To("ops"));
        Assert.Equal(0, _outbox.Waiting);
        Assert.Equal(2, _outbox.Writes);
    }

    [Fact]
    public async Task A_failing_webhook_delays_no_other_and_continues_in_order()
    {
        _options.Webhooks = [Hook("bad"), Hook("good")];
        _sender.Answer = (hook, _) => Task.FromResult(hook.Name == "bad" ? ScriptedSender.Broken : ScriptedSender.Taken);
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Progressing), (0, Assessment.Slow)));
        using var delivery = Delivery();

        await RunAsync(delivery);
        Assert.Equal(["w1/1", "w1/2"], _sender.To("good"));
        Assert.Equal(2, _outbox.Waiting);

        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Taken);
        await RunAsync(delivery);
        Assert.Empty(_sender.To("bad"));
        _clock.Advance(RetryBackoff.First);
        await RunAsync(delivery);

        Assert.Equal(["w1/1", "w1/2"], _sender.To("bad"));
        Assert.Equal(["w1/1", "w1/2"], _sender.To("good"));
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task One_content_that_is_refused_holds_up_its_own_workflow_and_no_other()
    {
        _sender.Answer = (_, n) =>
            Task.FromResult(
                n.WorkflowId == "w1"
                    ? new SendResult(false, 400, "It answered 400.", TimeSpan.Zero, ContentRefused: true)
                    : ScriptedSender.Taken
            );
        foreach (var id in (string[])["w1", "w2", "w3", "w4", "w5"])
        {
            _outbox.Add(TransitionSamples.Chain(id, (0, Assessment.Blocked)));
        }

        Assert.Equal(new DeliveryResult(4, 1, 0), await RunAsync());
        Assert.Equal(1, _outbox.Waiting);
    }

    [Fact]
    public async Task A_webhook_that_is_away_is_left_in_peace_after_three_failures()
    {
        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Broken);
        for (var i = 0; i < 50; i++)
        {
            _outbox.Add(TransitionSamples.Chain($"w{i}", (0, Assessment.Blocked)));
        }

        using var delivery = Delivery();

        await RunAsync(delivery);

        // Two requests at a time: one may be under way when the third failure is known.
        Assert.InRange(_sender.Attempts, 3, 4);
        var writes = _outbox.Writes;
        await RunAsync(delivery);
        Assert.InRange(_sender.Attempts, 3, 4);
        Assert.Equal(writes, _outbox.Writes);
        Assert.Equal(50, _outbox.Waiting);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_can_be_looked_up()
    {
        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Broken);
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        using var delivery = Delivery();
        var givenUp = 0;
        while (givenUp == 0)
        {
            givenUp += (await RunAsync(delivery)).GivenUp;
            _clock.Advance(TimeSpan.FromMinutes(10));
        }

        var record = Assert.Single(_outbox.Undelivered);
        Assert.Equal(("ops", "w1", 1, "It answered 500."), (record.Webhook, record.WorkflowId, record.Sequence, record.Error));
        Assert.InRange(
            record.GivenUpAt - record.At,
            TimeSpan.FromDays(1),
            TimeSpan.FromDays(1) + RetryBackoff.Longest + TimeSpan.FromMinutes(10)
        );
        Assert.Equal(record.Attempts, _sender.Attempts);
        Assert.InRange(record.Attempts, 20, 200);
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task What_waited_through_a_long_stop_is_tried_once_before_it_is_given_up()
    {
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        _clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(new DeliveryResult(1, 0, 0), await RunAsync());
        Assert.Empty(_outbox.Undelivered);
    }

    [Fact]
    public async Task After_a_crash_between_delivery_and_record_it_is_sent_again_with_the_same_id()
    {
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        _outbox.BeforeCommit = () => _outbox.Down = true;
        await RunAsync();
        _outbox.BeforeCommit = null;
        _outbox.Down = false;

        await RunAsync();
        Assert.Single(_sender.Delivered);
        _clock.Advance(NotificationDelivery.Claim);
        await RunAsync();

        Assert.Equal(2, _sender.Delivered.Count);
        Assert.Single(_sender.Delivered.Select(d => d.Notification.Id).Distinct());
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task Two_processes_do_not_deliver_the_same_queue_at_once()
    {
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        _sender.Answer = async (_, _) =>
        {
            reached.TrySetResult();
            await go.Task;
            return ScriptedSender.Taken;
        };
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked), (0, Assessment.Slow)));
        var first = RunAsync();
        await reached.Task;

        var second = await RunAsync(Delivery(new OutboxSchedule()));
        go.SetResult();
        await first;

        Assert.Equal(new DeliveryResult(0, 0, 0), second);
        Assert.Equal(["w1/1", "w1/2"], _sender.To("ops"));
    }

    [Fact]
    public async Task A_webhook_gets_what_its_filter_names()
    {
        _options.Webhooks =
        [
            Hook("blocked", w => w.Assessments = [Assessment.Blocked]),
            Hook("phases", w => w.On = Transitions.Phase),
            Hook("mine", w => w.Clusters = ["CHECKOUT"]),
            Hook("other", w => w.Clusters = ["c2"]),
            Hook("id", w => w.Clusters = ["C1"]),
        ];
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Progressing), (0, Assessment.Blocked), (0, Assessment.Completed)));

        await RunAsync();

        Assert.Equal(["w1/2"], _sender.To("blocked"));
        Assert.Empty(_sender.To("phases"));
        Assert.Equal(["w1/1", "w1/2", "w1/3"], _sender.To("mine"));
        Assert.Empty(_sender.To("other"));
        Assert.Equal(["w1/1", "w1/2", "w1/3"], _sender.To("id"));
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task What_waited_for_a_webhook_that_is_no_longer_set_goes()
    {
        _options.Webhooks = [Hook("old"), Hook("stays")];
        _sender.Answer = (hook, _) => Task.FromResult(hook.Name == "old" ? ScriptedSender.Broken : ScriptedSender.Taken);
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        await RunAsync();
        Assert.Equal(1, _outbox.Waiting);

        _options.Webhooks = [Hook("stays")];
        await RunAsync(Delivery(new OutboxSchedule()));

        Assert.Equal(0, _outbox.Waiting);
        Assert.Equal(["w1/1"], _sender.To("stays"));
    }

    [Fact]
    public async Task An_empty_outbox_is_read_once_in_ten_minutes_and_not_at_all_without_webhooks()
    {
        using var delivery = Delivery();
        for (var minute = 0; minute < 30; minute++, _clock.Advance(TimeSpan.FromMinutes(1)))
        {
            await RunAsync(delivery);
        }

        Assert.Equal(3 * Shard.Count, _outbox.Reads);

        _watch.MarkWritten(Shard.Of("w1"));
        await RunAsync(delivery);
        Assert.Equal(4 * Shard.Count, _outbox.Reads);
        _watch.MarkWritten(Shard.Of("w1"));
        await RunAsync(delivery);
        Assert.Equal(4 * Shard.Count + 1, _outbox.Reads);

        _options.Webhooks = [];
        await RunAsync(Delivery(new OutboxSchedule()));
        Assert.Equal(4 * Shard.Count + 1, _outbox.Reads);
    }

    [Fact]
    public async Task A_state_that_has_not_lasted_is_evaluated_again_when_it_has()
    {
        _options.SettleFor = TimeSpan.FromMinutes(2);
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        using var delivery = Delivery();
        await RunAsync(delivery);
        Assert.Empty(_sender.Delivered);
        Assert.Equal(TransitionSamples.Start.AddMinutes(2), delivery.Next().Due);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync(delivery);

        Assert.Single(_sender.Delivered);
        Assert.Equal(Shard.Count + 1, _outbox.Reads);
    }

    [Fact]
    public async Task A_state_is_notified_only_after_a_second_read()
    {
        _options.SettleFor = TimeSpan.FromMinutes(2);
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        var row = new TrackedWorkflow
        {
            Target = new WorkflowTarget("p1", "c1", "w1"),
            ObservedAt = TransitionSamples.Start.AddSeconds(-1),
            NextPollAt = TransitionSamples.Start.AddMinutes(5),
        };
        _workflows.Put(row);
        using var delivery = Delivery();
        await RunAsync(delivery);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync(delivery);
        Assert.Empty(_sender.Delivered);
        Assert.Equal(TransitionSamples.Start.AddMinutes(5) + NotificationDelivery.ScanPause, delivery.Next().Due);

        _workflows.Put(row with { ObservedAt = TransitionSamples.Start.AddMinutes(5) });
        _clock.Advance(TimeSpan.FromMinutes(3) + NotificationDelivery.ScanPause);
        await RunAsync(delivery);
        Assert.Equal(["w1/1"], _sender.To("ops"));
    }

    [Fact]
    public async Task A_state_that_no_further_read_can_confirm_is_notified()
    {
        _options.SettleFor = TimeSpan.FromMinutes(2);
        _outbox.Add(TransitionSamples.Chain((0, Assessment.Blocked)));
        _workflows.Put(
            new TrackedWorkflow
            {
                Target = new WorkflowTarget("p1", "c1", "w1"),
                ObservedAt = TransitionSamples.Start.AddSeconds(-1),
                Tracked = false,
            }
        );
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(1, (await RunAsync()).Delivered);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_hold_up_no_notification()
    {
        _options.SettleFor = TimeSpan.FromMinutes(2);
        var ids = AddFortyOfOneShard();
        _workflows.Failing[ids[0]] = Unreadable(ids[0], isNewer: false);
        _workflows.Failing[ids[1]] = Unreadable(ids[1], isNewer: true);
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(new DeliveryResult(40, 0, 0), await RunAsync());
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task A_workflow_whose_notification_fails_delays_no_other_and_is_logged_once()
    {
        _options.SettleFor = TimeSpan.FromMinutes(2);
        var ids = AddFortyOfOneShard();
        _workflows.Failing[ids[0]] = new InvalidOperationException("a bug");
        _workflows.Failing[ids[1]] = new TaskCanceledException("a timeout below");
        _workflows.Failing[ids[2]] = new StorageUnavailableException("The table service failed (400 InvalidInput).");
        _clock.Advance(TimeSpan.FromMinutes(2));
        using var delivery = Delivery();

        Assert.Equal(new DeliveryResult(37, 0, 0), await RunAsync(delivery));
        Assert.InRange(delivery.Next().Due, _clock.GetUtcNow(), _clock.GetUtcNow() + RetryBackoff.First);
        for (var failure = 1; failure < 5; failure++)
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            await RunAsync(delivery);
        }

        Assert.Equal(2, _log.GetSnapshot().Count(record => record.Id.Name == "WorkflowDeliveryFailed"));
        Assert.Equal(3, _outbox.Waiting);
        _workflows.Failing.Clear();
        _clock.Advance(RetryBackoff.Longest);
        Assert.Equal(3, (await RunAsync(delivery)).Delivered);
    }

    [Fact]
    public async Task A_workflow_whose_notification_fails_is_not_retried_before_its_delay()
    {
        _options.SettleFor = TimeSpan.FromMinutes(2);
        var ids = AddFortyOfOneShard();
        _workflows.Failing[ids[0]] = new InvalidOperationException("a bug");
        _clock.Advance(TimeSpan.FromMinutes(2));
        using var delivery = Delivery();
        await RunAsync(delivery);
        _workflows.Failing.Clear();

        _watch.MarkWritten(Shard.Of(ids[0]));
        Assert.Equal(0, (await RunAsync(delivery)).Delivered);
        _clock.Advance(RetryBackoff.First);
        Assert.Equal(1, (await RunAsync(delivery)).Delivered);
    }

    [Fact]
    public async Task When_the_clock_is_set_right_again_no_notification_waits_for_the_time_it_showed()
    {
        using var delivery = Delivery();
        _clock.AdjustTime(TransitionSamples.Start.AddHours(1));
        _outbox.Add(TransitionSamples.Chain("w1", (0, Assessment.Blocked)));
        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Broken);
        for (var failure = 0; failure < 4; failure++)
        {
            await RunAsync(delivery);
            _clock.Advance(TimeSpan.FromMinutes(2));
        }

        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Taken);
        _clock.AdjustTime(TransitionSamples.Start.AddMinutes(10));
        await RunAsync(delivery);

        Assert.Single(_sender.Delivered);
        Assert.Equal(0, _outbox.Waiting);
    }

    /// <summary>
    /// With failures and crashes in any order, each webhook gets each transition at least once, and first deliveries are in order.
    /// </summary>
    [Fact]
    public Task Whatever_fails_everything_arrives_in_order() =>
        Gen.Select(Gen.Int[0, 9].Array[60], Gen.Int[1, 6].Array[1, 4], Gen.Bool)
            .SampleAsync(
                async (random, queues, crashes) =>
                {
                    var test = new DeliveryTests();
                    test._options.Webhooks = [Hook("a"), Hook("b")];
                    var (throws, roll) = (0, 0);
                    test._sender.Answer = (_, _) =>
                        Task.FromResult(
                            random[Interlocked.Increment(ref roll) % random.Length] < 4 ? ScriptedSender.Broken : ScriptedSender.Taken
                        );
                    test._outbox.BeforeCommit = () =>
                        test._outbox.Down = crashes && random[Interlocked.Increment(ref throws) % random.Length] < 3;
                    var expected = new List<string>();
                    for (var q = 0; q < queues.Length; q++)
                    {
                        var chain = TransitionSamples.Chain(
                            $"w{q}",
                            [.. Enumerable.Range(0, queues[q]).Select(i => (0, i % 2 == 0 ? Assessment.Blocked : Assessment.Progressing))]
                        );
                        test._outbox.Add(chain);
                        expected.AddRange(chain.Select(n => $"{n.WorkflowId}/{n.Sequence}"));
                    }

                    using var delivery = test.Delivery();
                    for (var round = 0; round < 200 && test._outbox.Waiting > 0; round++)
                    {
                        await test.RunAsync(delivery);
                        test._outbox.Down = false;
                        test._clock.Advance(TimeSpan.FromMinutes(2));
                    }

                    return test._outbox.Waiting == 0
                        && test._outbox.Undelivered.Count == 0
                        && ((string[])["a", "b"]).All(hook =>
                        {
                            var first = test._sender.To(hook).Distinct().ToList();
                            return first.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal))
                                && first.GroupBy(id => id.Split('/')[0]).All(g => g.SequenceEqual(g.Order(StringComparer.Ordinal)));
                        });
                },
                iter: 200,
                threads: 1
            );

    private static Webhook Hook(string name, Action<Filters>? configure = null)
    {
        var filters = new Filters();
        configure?.Invoke(filters);
        return new Webhook
        {
            Name = name,
            Url = new Uri($"https://{name}.example/secret"),
            Format = WebhookFormat.Slack,
            On = filters.On,
            Clusters = filters.Clusters.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Assessments = [.. filters.Assessments],
        };
    }

    /// <summary>Adds one waiting notification for each of 40 workflows of one shard.</summary>
    private List<string> AddFortyOfOneShard()
    {
        var ids = Enumerable.Range(0, 10_000).Select(i => $"w{i}").Where(id => Shard.Of(id) == Shard.Of("w0")).Take(40).ToList();
        foreach (var id in ids)
        {
            _outbox.Add(TransitionSamples.Chain(id, (0, Assessment.Blocked)));
        }

        return ids;
    }

    private static RowUnreadableException Unreadable(string id, bool isNewer) =>
        new(
            new UnreadableRow(StoredRowKind.Workflow, "Workflows", Shard.Of(id).Key, $"a|{id}", "cannot be read")
            {
                Id = id,
                IsFromNewerVersion = isNewer,
            }
        );

    private NotificationDelivery Delivery(OutboxSchedule? schedule = null) =>
        new(
            _outbox,
            _sender,
            _workflows,
            schedule ?? _watch,
            Options.Create(_options),
            _clock,
            new NotificationMetrics(),
            new FakeLogger<NotificationDelivery>(_log),
            () => 1
        );

    private async Task<DeliveryResult> RunAsync(NotificationDelivery? delivery = null)
    {
        using var own = delivery is null ? Delivery() : null;
        return await (delivery ?? own!).RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    private sealed class Filters
    {
        public Transitions On { get; set; } = Transitions.Assessment;

        public string[] Clusters { get; set; } = [];

        public Assessment[] Assessments { get; set; } = [];
    }
}
