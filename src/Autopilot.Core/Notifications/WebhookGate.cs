using Autopilot.Core.Tracking;

namespace Autopilot.Core.Notifications;

/// <summary>
/// What this process knows of one webhook beyond its notifications: a few requests at a time, and rest for one that fails again and again, so that it costs
/// neither time nor writes and holds up no other.
/// </summary>
internal sealed class WebhookGate(Func<double> dice) : IDisposable
{
    /// <summary>Failures in a row that make it rest.</summary>
    public const int FailuresToRest = 3;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turns = new(2);
    private int _failures;
    private DateTimeOffset _restsUntil;

    /// <summary>How the last failure read, while it rests.</summary>
    public string? Error { get; private set; }

    /// <summary>Until when nothing is sent to it; null where it does not rest.</summary>
    public DateTimeOffset? RestsUntil(DateTimeOffset now)
    {
        lock (_lock)
            return Waits.IsOver(_restsUntil, now, RetryPace.Longest) ? null : _restsUntil;
    }

    /// <summary>Sends when it is its turn; null when the webhook rests by then.</summary>
    public async Task<SendResult?> SendAsync(Func<Task<SendResult>> send, TimeProvider clock, Action<GateChange, SendResult> changed, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            if (RestsUntil(clock.GetUtcNow()) is not null)
                return null;
            var result = await send();
            if (Learn(result, clock.GetUtcNow()) is { } change)
                changed(change, result);
            return result;
        }
        finally
        {
            _turns.Release();
        }
    }

    private GateChange? Learn(SendResult result, DateTimeOffset now)
    {
        lock (_lock)
        {
            // Whoever judges content is there.
            if (result.Delivered || result.ContentRefused)
            {
                var rested = _failures >= FailuresToRest;
                _failures = 0;
                return rested && result.Delivered ? GateChange.Recovered : null;
            }

            _failures++;
            Error = result.Error;
            if (_failures >= FailuresToRest || result.RetryAfter is not null)
                _restsUntil = now + RetryPace.After(Math.Max(1, _failures - FailuresToRest + 1), dice(), result.RetryAfter);
            return _failures == FailuresToRest ? GateChange.Failing : null;
        }
    }

    public void Dispose() => _turns.Dispose();
}

/// <summary>News about a webhook.</summary>
internal enum GateChange
{
    Failing,
    Recovered,
}
