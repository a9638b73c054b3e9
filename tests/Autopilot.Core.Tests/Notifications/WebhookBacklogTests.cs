using System.Diagnostics.Metrics;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Tests.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Core.Tests.Notifications;

/// <summary>What waits for each webhook, as metrics and readiness show it.</summary>
public sealed class WebhookBacklogTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(TransitionSamples.Start);
    private readonly MemoryOutbox _outbox = new();
    private readonly ScriptedSender _sender = new();
    private readonly OutboxSchedule _watch = new();
    private readonly WebhookBacklog _backlog;
    private readonly NotificationDelivery _delivery;

    public WebhookBacklogTests()
    {
        var options = Options.Create(
            new NotificationOptions
            {
                SettleFor = TimeSpan.Zero,
                Webhooks = [Hook("bad"), Hook("good"), Hook("blocked", Assessment.Blocked)],
            }
        );
        _backlog = new WebhookBacklog(options, _clock);
        _delivery = new NotificationDelivery(
            _outbox,
            _sender,
            new MemoryStore(),
            _watch,
            options,
            _clock,
            new NotificationMetrics(),
            new FakeLogger<NotificationDelivery>(),
            () => 1,
            _backlog
        );
        _sender.Answer = (hook, _) => Task.FromResult(hook.Name == "good" ? ScriptedSender.Taken : ScriptedSender.Broken);
    }

    public void Dispose()
    {
        _backlog.Dispose();
        _delivery.Dispose();
    }

    [Fact]
    public async Task Waiting_and_oldest_are_measured_by_webhook()
    {
        _outbox.Add(TransitionSamples.Chain("w1", (0, Assessment.Blocked), (30, Assessment.Progressing)));
        _outbox.Add(TransitionSamples.Chain("w2", (45, Assessment.Progressing)));
        _clock.Advance(TimeSpan.FromMinutes(1));

        await RunAsync();

        Assert.Equal([("bad", 3), ("blocked", 1), ("good", 0)], Measured("autopilot.notifications.waiting"));
        Assert.Equal([("bad", 60), ("blocked", 60), ("good", 0)], Measured("autopilot.notifications.oldest"));

        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Taken);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();
        Assert.All(Measured("autopilot.notifications.waiting"), one => Assert.Equal(0, one.Value));
        Assert.All(Measured("autopilot.notifications.oldest"), one => Assert.Equal(0, one.Value));
    }

    [Fact]
    public async Task Webhook_fails_after_three_attempts_and_no_longer_once_it_takes_what_waits()
    {
        _outbox.Add(TransitionSamples.Chain("w1", (0, Assessment.Progressing)));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal((0, null), _backlog.Failing());
            await RunAsync();
            _clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal((1, TransitionSamples.Start), _backlog.Failing());
        _sender.Answer = (_, _) => Task.FromResult(ScriptedSender.Taken);
        _clock.Advance(RetryBackoff.Longest);
        await RunAsync();
        Assert.Equal((0, null), _backlog.Failing());
    }

    [Fact]
    public async Task Failures_of_workflows_count_together_and_what_another_process_took_is_forgotten()
    {
        foreach (var id in (string[])["w1", "w2", "w3"])
        {
            _outbox.Add(TransitionSamples.Chain(id, (0, Assessment.Progressing)));
        }

        await RunAsync();
        Assert.Equal((1, TransitionSamples.Start), _backlog.Failing());

        foreach (var shard in Shard.All)
        {
            _backlog.Replace(shard, []);
        }

        Assert.Equal((0, null), _backlog.Failing());
        Assert.All(Measured("autopilot.notifications.waiting"), one => Assert.Equal(0, one.Value));
    }

    private static Webhook Hook(string name, params Assessment[] assessments) =>
        new()
        {
            Name = name,
            Url = new Uri($"https://{name}.example/secret"),
            Format = WebhookFormat.Slack,
            Assessments = [.. assessments],
        };

    private Task RunAsync() => _delivery.RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    private List<(string Webhook, double Value)> Measured(string instrument)
    {
        var measured = new List<(string, double)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (one, listener) =>
            {
                if (one.Name == instrument)
                {
                    listener.EnableMeasurementEvents(one, _backlog);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => measured.Add(((string)tags[0].Value!, value)));
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => measured.Add(((string)tags[0].Value!, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. measured.Where(one => one.Item1 is "bad" or "good" or "blocked").Order()];
    }
}
