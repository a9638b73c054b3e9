using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Notifications;

/// <summary>
/// What waits for each webhook, as this process last saw it: every shard is read at least each <see cref="OutboxSchedule.ScanEvery"/>. For
/// metrics and readiness, which must not cost operations of the store.
/// </summary>
public sealed class WebhookBacklog : IDisposable
{
    private readonly Meter _meter = new(Instrumentation.Name);
    private readonly ConcurrentDictionary<string, IReadOnlyList<WaitingFor>> _workflows = new();
    private readonly IReadOnlyList<Webhook> _webhooks;
    private readonly TimeProvider _clock;

    /// <summary>Creates the instruments.</summary>
    public WebhookBacklog(IOptions<NotificationOptions> options, TimeProvider clock)
    {
        (_webhooks, _clock) = (options.Value.Webhooks, clock);
        _meter.CreateObservableGauge(
            "autopilot.notifications.waiting",
            ObserveWaiting,
            "{notification}",
            "Notifications that a webhook has not taken yet, by webhook, as this process last saw the outbox."
        );
        _meter.CreateObservableGauge(
            "autopilot.notifications.oldest",
            ObserveOldest,
            "s",
            "Age of the oldest notification that a webhook has not taken yet, by webhook; 0 where none waits."
        );
    }

    /// <summary>
    /// The webhooks that do not take their notifications: <see cref="WebhookCircuit.FailuresToOpen"/> failed attempts or more stand for
    /// what waits.
    /// </summary>
    /// <returns>How many there are, and when the oldest of what waits for them was observed.</returns>
    public (int Webhooks, DateTimeOffset? Since) Failing()
    {
        var failing = Enumerable
            .Range(0, _webhooks.Count)
            .Select(i => _workflows.Values.Select(waiting => waiting[i]).Where(waiting => waiting.Attempts > 0).ToList())
            .Where(tried => tried.Sum(waiting => waiting.Attempts) >= WebhookCircuit.FailuresToOpen)
            .ToList();
        return (failing.Count, failing.SelectMany(tried => tried).Min(waiting => waiting.Oldest));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal static WaitingFor WaitingFor(Webhook webhook, IReadOnlyList<Notification> notifications, DeliveryCursor? cursor)
    {
        var mine = notifications.Where(one => one.Sequence > (cursor?.Through ?? long.MinValue) && webhook.Wants(one)).ToList();
        return mine.Count == 0 ? default : new WaitingFor(mine.Count, mine[0].At, cursor?.Attempts ?? 0);
    }

    /// <summary>A shard was read.</summary>
    internal void Replace(Shard shard, IReadOnlyList<WaitingNotifications> queues)
    {
        foreach (var queue in queues)
        {
            Set(queue.WorkflowId, queue.Notifications, queue.Cursors);
        }

        var ids = queues.Select(queue => queue.WorkflowId).ToHashSet();
        foreach (var id in _workflows.Keys.Where(id => !ids.Contains(id) && Shard.Of(id) == shard))
        {
            _workflows.TryRemove(id, out _);
        }
    }

    /// <summary>The rest of a queue.</summary>
    internal void Set(string workflowId, IReadOnlyList<Notification> notifications, IReadOnlyDictionary<string, DeliveryCursor> cursors)
    {
        IReadOnlyList<WaitingFor> waiting =
        [
            .. _webhooks.Select(webhook => WaitingFor(webhook, notifications, cursors.GetValueOrDefault(webhook.Name))),
        ];
        if (waiting.Any(one => one.Count > 0))
        {
            _workflows[workflowId] = waiting;
        }
        else
        {
            _workflows.TryRemove(workflowId, out _);
        }
    }

    private IEnumerable<Measurement<int>> ObserveWaiting() =>
        _webhooks.Select((webhook, i) => new Measurement<int>(_workflows.Values.Sum(waiting => waiting[i].Count), Tag(webhook)));

    private IEnumerable<Measurement<double>> ObserveOldest()
    {
        var now = _clock.GetUtcNow();
        return _webhooks.Select(
            (webhook, i) =>
                new Measurement<double>(
                    _workflows.Values.Min(waiting => waiting[i].Oldest) is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0,
                    Tag(webhook)
                )
        );
    }

    private static KeyValuePair<string, object?> Tag(Webhook webhook) => new("webhook", webhook.Name);
}
