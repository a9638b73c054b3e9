using Autopilot.Core.Concurrency;

namespace Autopilot.Core.Notifications;

/// <summary>Lets a webhook that fails again and again rest, at growing intervals, so that it costs neither time nor writes.</summary>
internal sealed class WebhookCircuit(Func<double> random)
{
    /// <summary>Failures in a row that make it rest.</summary>
    public const int FailuresToOpen = 3;

    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset _openUntil;

    /// <summary>The last failure's message, while it rests.</summary>
    public string? Error { get; private set; }

    /// <summary>Until when nothing is sent to it; null where it does not rest.</summary>
    public DateTimeOffset? OpenUntil(DateTimeOffset now)
    {
        lock (_lock)
        {
            return Deadline.HasPassed(_openUntil, now, RetryBackoff.Longest) ? null : _openUntil;
        }
    }

    /// <summary>Counts the outcome of an attempt.</summary>
    /// <returns>What has changed by it; null for nothing.</returns>
    public WebhookChange? Record(SendResult result, DateTimeOffset now)
    {
        lock (_lock)
        {
            // A receiver that refuses content can be reached.
            if (result.Delivered || result.ContentRefused)
            {
                var rested = _failures >= FailuresToOpen;
                _failures = 0;
                return rested && result.Delivered ? WebhookChange.Recovered : null;
            }

            _failures++;
            Error = result.Error;
            if (_failures >= FailuresToOpen || result.RetryAfter is not null)
            {
                _openUntil = now + RetryBackoff.After(Math.Max(1, _failures - FailuresToOpen + 1), random(), result.RetryAfter);
            }

            return _failures == FailuresToOpen ? WebhookChange.Failing : null;
        }
    }
}
