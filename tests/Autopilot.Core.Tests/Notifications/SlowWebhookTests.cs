using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tests.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Notifications;

/// <summary>A webhook that takes long is isolated as one that fails is: the others go on.</summary>
public sealed class SlowWebhookTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _clock = new(TransitionSamples.Start);
    private readonly MemoryOutbox _outbox = new();
    private readonly ScriptedSender _sender = new();
    private readonly OutboxSchedule _watch = new();
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NotificationOptions _options = new() { SettleFor = TimeSpan.Zero };
    private int _slowAttempts;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public async Task Fast_webhook_has_everything_while_slow_ones_hold_their_first_request(int slow)
    {
        Hooks([.. Enumerable.Range(0, slow).Select(i => $"slow-{i}"), "fast"]);
        var workflows = Enumerable.Range(0, 120).Select(i => $"w{i}").ToList();
        AddTo(workflows, Assessment.Blocked, Assessment.Progressing);
        using var delivery = Delivery();

        var run = delivery.RunAsync(Patience, Cancel);
        await UntilAsync(() => _sender.To("fast").Count() == 240);

        Assert.All(
            workflows,
            id =>
                Assert.Equal([$"{id}/1", $"{id}/2"], _sender.To("fast").Where(sent => sent.StartsWith($"{id}/", StringComparison.Ordinal)))
        );
        Assert.DoesNotContain(_sender.Delivered, sent => sent.Webhook != "fast");
        Assert.False(run.IsCompleted);
        Assert.Equal(slow * WebhookLane.Width, _slowAttempts);

        _answers.SetResult();
        await run;
        await RunUntilEmptyAsync(delivery);
        foreach (var hook in _options.Webhooks)
        {
            Assert.Equal(240, _sender.To(hook.Name).Count());
            Assert.All(
                workflows,
                id =>
                    Assert.Equal(
                        [$"{id}/1", $"{id}/2"],
                        _sender.To(hook.Name).Where(sent => sent.StartsWith($"{id}/", StringComparison.Ordinal))
                    )
            );
        }
    }

    [Fact]
    public async Task What_a_workflow_does_next_reaches_the_fast_webhook_while_the_slow_one_holds()
    {
        Hooks("slow", "fast");
        var chain = TransitionSamples.Chain("w1", (0, Assessment.Blocked), (0, Assessment.Progressing), (0, Assessment.Completed));
        _outbox.Add(chain[0]);
        using var delivery = Delivery();
        var run = delivery.RunAsync(Patience, Cancel);
        await UntilAsync(() => _slowAttempts == 1 && _sender.To("fast").Count() == 1);

        foreach (var next in chain.Skip(1))
        {
            _outbox.Add(next);
            _watch.MarkWritten(Shard.Of("w1"));
            await UntilAsync(() => _sender.To("fast").Count() == next.Sequence);
        }

        Assert.Equal(1, _slowAttempts);
        Assert.Empty(_sender.To("slow"));
        _answers.SetResult();
        await run;
        await RunUntilEmptyAsync(delivery);
        Assert.Equal(["w1/1", "w1/2", "w1/3"], _sender.To("fast"));
        Assert.Equal(["w1/1", "w1/2", "w1/3"], _sender.To("slow"));
    }

    [Fact]
    public async Task Workflow_that_changes_later_is_delivered_while_the_run_waits_for_a_slow_webhook()
    {
        Hooks("slow", "fast");
        AddTo(["w1"], Assessment.Blocked);
        using var delivery = Delivery();
        var run = delivery.RunAsync(Patience, Cancel);
        await UntilAsync(() => _slowAttempts == 1);

        AddTo(["w2"], Assessment.Blocked);
        _watch.MarkWritten(Shard.Of("w2"));
        await UntilAsync(() => _sender.To("fast").Contains("w2/1"));

        Assert.Empty(_sender.To("slow"));
        _answers.SetResult();
        await run;
    }

    [Fact]
    public async Task Another_process_takes_no_queue_that_waits_for_a_slow_webhook()
    {
        Hooks("slow", "fast");
        AddTo(["w1"], Assessment.Blocked);
        using var first = Delivery();
        using var second = Delivery(new OutboxSchedule());
        var run = first.RunAsync(Patience, Cancel);
        await UntilAsync(() => _slowAttempts == 1 && _sender.To("fast").Count() == 1);

        Assert.Equal(new DeliveryResult(0, 0, 0), await second.RunAsync(Patience, Cancel));

        // As a rule it is released long before the claim ends: the other process looks again sooner.
        Assert.InRange(second.Next().Due, _clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromSeconds(30));
        _answers.SetResult();
        await run;
        Assert.Equal(["w1/1"], _sender.To("slow"));
        Assert.Equal(["w1/1"], _sender.To("fast"));
    }

    [Fact]
    public async Task Slow_webhook_costs_at_most_two_writes_for_a_workflow_and_two_for_an_attempt()
    {
        Hooks("slow", "fast");
        AddTo([.. Enumerable.Range(0, 100).Select(i => $"w{i}")], Assessment.Blocked);
        using var delivery = Delivery();
        var run = delivery.RunAsync(Patience, Cancel);
        await UntilAsync(() => _sender.To("fast").Count() == 100);
        // All are committed but those whose request is under way.
        var settled = (2 * 100) - WebhookLane.Width;
        await UntilAsync(() => _outbox.Writes == settled);
        var reads = _outbox.Reads;

        // Waiting for the slow one costs nothing.
        await Task.Delay(WebhookLane.Patience, Cancel);
        Assert.Equal((reads, settled), (_outbox.Reads, _outbox.Writes));

        _answers.SetResult();
        await run;
        await RunUntilEmptyAsync(delivery);
        Assert.InRange(_outbox.Writes, 2 * 100, (2 * 100) + (2 * _slowAttempts));
        Assert.Equal(100, _slowAttempts);
    }

    [Fact]
    public async Task Slow_webhook_keeps_its_claim_to_what_comes_meanwhile_when_the_process_stops()
    {
        Hooks("slow", "fast");
        AddTo(["w1"], Assessment.Blocked);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _sender.Cancel = stopping.Token;
        using var delivery = Delivery();
        var run = delivery.RunAsync(Patience, stopping.Token);
        await UntilAsync(() => _slowAttempts == 1 && _sender.To("fast").Count() == 1);

        await stopping.CancelAsync();
        await run;

        // What the fast one took is stored, and the rest is left for the next process at once.
        _sender.Cancel = default;
        _answers.SetResult();
        using var next = Delivery(new OutboxSchedule());
        await next.RunAsync(Patience, Cancel);
        Assert.Equal(["w1/1"], _sender.To("fast"));
        Assert.Equal(["w1/1"], _sender.To("slow"));
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task What_comes_while_queues_are_held_arrives_at_every_webhook_in_order()
    {
        Hooks("a", "b", "c");
        _answers.SetResult();
        var (random, limiter) = (new Random(5), new Lock());
        double Next()
        {
            lock (limiter)
            {
                return random.NextDouble();
            }
        }

        _sender.Answer = async (_, _) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(3 * Next()), Cancel);
            return Next() < 0.05
                ? new SendResult(false, 400, "It answered 400.", TimeSpan.Zero, ContentRefused: true)
                : ScriptedSender.Taken;
        };
        var chains = Enumerable
            .Range(0, 8)
            .Select(w =>
                TransitionSamples.Chain(
                    $"w{w}",
                    [.. Enumerable.Range(0, 30).Select(i => (0, i % 2 == 0 ? Assessment.Blocked : Assessment.Progressing))]
                )
            )
            .ToList();
        using var delivery = Delivery();
        var written = false;
        var writer = Task.Run(
            async () =>
            {
                for (var i = 0; i < 30; i++)
                {
                    foreach (var chain in chains)
                    {
                        _outbox.Add(chain[i]);
                        _watch.MarkWritten(Shard.Of(chain[i].WorkflowId));
                    }

                    await Task.Delay(10, Cancel);
                }

                written = true;
            },
            Cancel
        );
        while (!Volatile.Read(ref written) || _outbox.Waiting > 0)
        {
            await delivery.RunAsync(Patience, Cancel);
            _clock.Advance(RetryBackoff.First);
        }

        await writer;
        foreach (var hook in (string[])["a", "b", "c"])
        {
            Assert.All(
                chains,
                chain =>
                    Assert.Equal(
                        chain.Select(one => $"{one.WorkflowId}/{one.Sequence}"),
                        _sender.To(hook).Where(sent => sent.StartsWith($"{chain[0].WorkflowId}/", StringComparison.Ordinal))
                    )
            );
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>The named webhooks; those whose names begin with "slow" answer once <see cref="_answers"/> is set.</summary>
    private void Hooks(params string[] names)
    {
        _options.Webhooks =
        [
            .. names.Select(name => new Webhook
            {
                Name = name,
                Url = new Uri($"https://{name}.example/secret"),
                Format = WebhookFormat.Slack,
            }),
        ];
        _sender.Answer = async (hook, _) =>
        {
            if (hook.Name.StartsWith("slow", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _slowAttempts);
                await _answers.Task.WaitAsync(_sender.Cancel);
            }

            return ScriptedSender.Taken;
        };
    }

    private void AddTo(List<string> workflows, params Assessment[] transitions)
    {
        foreach (var id in workflows)
        {
            _outbox.Add(TransitionSamples.Chain(id, [.. transitions.Select(to => (0, to))]));
        }
    }

    private async Task RunUntilEmptyAsync(NotificationDelivery delivery)
    {
        for (var runs = 0; runs < 500 && _outbox.Waiting > 0; runs++)
        {
            await delivery.RunAsync(Patience, Cancel);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, _outbox.Waiting);
    }

    private NotificationDelivery Delivery(OutboxSchedule? schedule = null) =>
        new(
            _outbox,
            _sender,
            new MemoryStore(),
            schedule ?? _watch,
            Options.Create(_options),
            _clock,
            new NotificationMetrics(),
            new FakeLogger<NotificationDelivery>(),
            () => 1
        );
}
