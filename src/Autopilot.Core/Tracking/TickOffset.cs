namespace Autopilot.Core.Tracking;

/// <summary>
/// Spreads what is due every k-th tick over the k ticks. Each id has its own offset among them, by its hash. So a thousand workflows that
/// were tracked together are not read together for ever. The first interval may be shorter than requested; none is ever longer.
/// </summary>
internal static class TickOffset
{
    /// <summary>How long until the next due tick.</summary>
    /// <param name="from">The cycle's start; a cycle that starts up to half a tick early or late counts as that tick's.</param>
    /// <param name="interval">The longest that it may be, if that is a tick or more: the answer is a whole number of ticks, at least
    /// one.</param>
    /// <param name="hash">The hash that chooses the offset.</param>
    public static TimeSpan Next(DateTimeOffset from, TimeSpan tick, TimeSpan interval, uint hash)
    {
        if (tick <= TimeSpan.Zero || interval / tick is not (>= 2 and <= int.MaxValue and var ticks))
        {
            return tick;
        }

        var every = (long)ticks;
        var now = (from.UtcTicks + tick.Ticks / 2) / tick.Ticks;
        var ahead = ((hash % every) - (now % every) + every) % every;
        return (ahead == 0 ? every : ahead) * tick;
    }

    /// <summary>A hash of an id that is the same in every process, and independent of its shard.</summary>
    public static uint HashOf(string id)
    {
        // FNV-1a, and a last mix, since only the remainder of a small number is used.
        var hash = 2166136261;
        foreach (var c in id)
        {
            hash = (hash ^ c) * 16777619;
        }

        hash ^= hash >> 15;
        return hash * 2246822519 >> 8;
    }
}
