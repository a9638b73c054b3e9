using Autopilot.Core.Tracking;

namespace Autopilot.Server.Access;

/// <summary>
/// Allows <c>POST /api/poll?due=true</c> once a tick of the schedule in this process, whichever API key requests it: the schedule itself
/// polls no more often.
/// </summary>
internal sealed class DuePollLimit(Cadence cadence, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long? _last;

    /// <summary>Counts a poll.</summary>
    /// <returns>Null where it is allowed; otherwise when the next one is.</returns>
    public TimeSpan? Take()
    {
        lock (_lock)
        {
            var wait = _last is { } last ? cadence.Tick - clock.GetElapsedTime(last) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            _last = clock.GetTimestamp();
            return null;
        }
    }
}
