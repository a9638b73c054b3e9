using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// In which order the shards get their turn: those whose last one is longest ago come first, so that a budget that ends a cycle early does
/// not end it for the same ones again and again. A process that has not seen them yet begins with another shard in each tick, so that this
/// holds for one that lives for a single cycle, too.
/// </summary>
internal sealed class ShardRotation
{
    private readonly long[] _last = new long[Shard.Count];
    private long _passes;
    private int _largest;

    /// <summary>All shards, in the order of their turns.</summary>
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

    /// <summary>Hears what came of a pass: a shard of which a part is left had no whole turn.</summary>
    public void Had(IReadOnlyList<ShardResult> pass)
    {
        var number = Interlocked.Increment(ref _passes);
        foreach (var shardResult in pass.Where(shardResult => shardResult.WasWhole))
        {
            Volatile.Write(ref _last[shardResult.Shard.Index], number);
        }

        if (pass.Max(shardResult => shardResult.Workflows) is > 0 and var largest)
        {
            Volatile.Write(ref _largest, largest);
        }
    }
}
