using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// In which order shards are opened: those that waited longest come first. So a budget that ends cycles early does not always end them for
/// the same shards. A process that has not seen them yet begins with another shard in each tick. So this also holds for a process that
/// lives for a single cycle.
/// </summary>
internal sealed class ShardRotation
{
    private readonly long[] _last = new long[Shard.Count];
    private long _runs;
    private int _largest;

    /// <summary>All shards, in the order of the rotation.</summary>
    public ShardOrder Next(CycleContext cycle)
    {
        // One step further in every round, so that cycles that begin every second or fourth tick come to every shard, too.
        var tick = cycle.StartedAt.UtcTicks / cycle.Tick.Ticks;
        var first = (int)((tick + tick / Shard.Count) % Shard.Count);
        return new ShardOrder(
            [
                .. Shard
                    .All.OrderBy(shard => Volatile.Read(ref _last[shard.Index]))
                    .ThenBy(shard => (shard.Index - first + Shard.Count) % Shard.Count),
            ],
            Volatile.Read(ref _largest)
        );
    }

    /// <summary>Takes the result of a run: a shard that was polled in part counts as waiting.</summary>
    public void Record(IReadOnlyList<ShardResult> run)
    {
        var number = Interlocked.Increment(ref _runs);
        foreach (var shardResult in run.Where(shardResult => shardResult.WasWhole))
        {
            Volatile.Write(ref _last[shardResult.Shard.Index], number);
        }

        if (run.Max(shardResult => shardResult.Workflows) is > 0 and var largest)
        {
            Volatile.Write(ref _largest, largest);
        }
    }
}
