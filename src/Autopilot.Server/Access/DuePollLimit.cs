using Autopilot.Core.Tracking;

namespace Autopilot.Server.Access;

/// <summary>
/// Lets <c>POST /api/poll?due=true</c> pass once a tick of the schedule in this process, whichever API key requests it: the schedule itself
/// polls no more often.
/// </summary>
internal sealed class DuePollLimit(Cadence cadence, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long? _last;

    /// <summary>Counts a poll.</summary>
    /// <returns>Null where it may pass; else when the next one may.</returns>
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
