using System.Diagnostics.Metrics;
using Autopilot.Core.Telemetry;

namespace Autopilot.Core.Notifications;

/// <summary>Metrics of notifications, on the tracker's meter.</summary>
public sealed class NotificationMetrics : IDisposable
{
    private readonly Meter _meter = new(Instrumentation.Name);
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _delay;

    /// <summary>Creates the instruments.</summary>
    public NotificationMetrics()
    {
        _attempts = _meter.CreateCounter<long>(
            "autopilot.notifications",
            "{notification}",
            "Notifications, by webhook and outcome: delivered, failed (tried again later), given-up."
        );
        _delay = _meter.CreateHistogram<double>(
            "autopilot.notification.delay",
            "s",
            "From the observation of a transition to its delivery."
        );
    }

    internal void Delivered(Webhook webhook, TimeSpan delay)
    {
        Count(webhook, "delivered");
        _delay.Record(Math.Max(0, delay.TotalSeconds), new KeyValuePair<string, object?>("webhook", webhook.Name));
    }

    internal void Failed(Webhook webhook) => Count(webhook, "failed");

    internal void GivenUp(Webhook webhook) => Count(webhook, "given-up");

    private void Count(Webhook webhook, string outcome) =>
        _attempts.Add(1, new KeyValuePair<string, object?>("webhook", webhook.Name), new KeyValuePair<string, object?>("outcome", outcome));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
