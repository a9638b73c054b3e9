using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>When a cluster or a project is scanned again.</summary>
internal static class DiscoveryCadence
{
    /// <summary>
    /// After a successful scan: every so many ticks, never later than <paramref name="every"/> says, half a tick early as all polls are.
    /// The clusters of one shard are due together, so that they share a transaction. The shards have different offsets, so that upstream is
    /// not asked about all clusters at once.
    /// </summary>
    public static DateTimeOffset NextAt(DateTimeOffset cycleStart, TimeSpan tick, TimeSpan every, Shard shard) =>
        cycleStart + TickOffset.Next(cycleStart, tick, every, (uint)shard.Index) - tick / 2;

    /// <summary>After failures in a row: twice as long each time.</summary>
    public static DateTimeOffset NextAfterFailure(DateTimeOffset cycleStart, TimeSpan tick, TimeSpan every, TimeSpan most, int failures)
    {
        var least = every > tick ? every : tick;
        var backoff = least * Math.Pow(2, Math.Min(failures, 20));
        return cycleStart
            + (
                backoff < most ? backoff
                : most > least ? most
                : least
            )
            - tick / 2;
    }

    /// <summary>Whether a scan is due in the cycle that began at <paramref name="cycleStart"/>.</summary>
    /// <param name="failures">Failures in a row; 0 after a successful scan.</param>
    public static bool IsDue(DateTimeOffset dueAt, DateTimeOffset cycleStart, TimeSpan tick, TimeSpan every, TimeSpan most, int failures) =>
        Deadline.HasPassed(
            dueAt,
            cycleStart,
            (failures > 0 ? NextAfterFailure(cycleStart, tick, every, most, failures) - cycleStart : every) + 2 * tick
        );
}
