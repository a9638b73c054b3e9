namespace Autopilot.Core.Tracking;

/// <summary>
/// In which order the shards get their turn: those whose last one is longest ago come first, so that a budget that ends a cycle early does not end it for the same ones again and again. A process
/// that has not seen them yet begins with another shard in each tick, so that this holds for one that lives for a single tick, too.
/// </summary>
internal sealed class ShardTurns
{
    private readonly long[] _last = new long[Shard.Count];
    private long _passes;

    /// <summary>All shards, in the order of their turns.</summary>
    public IReadOnlyList<Shard> Next(CycleMoment cycle)
    {
        var first = (int)(cycle.StartedAt.UtcTicks / cycle.Tick.Ticks % Shard.Count);
        return [.. Shard.All.OrderBy(shard => Volatile.Read(ref _last[shard.Index])).ThenBy(shard => (shard.Index - first + Shard.Count) % Shard.Count)];
    }

    /// <summary>Hears what came of a pass: a shard of which a part is left had no whole turn.</summary>
    public void Had(IEnumerable<WorkedShard> pass)
    {
        var number = Interlocked.Increment(ref _passes);
        foreach (var worked in pass.Where(worked => worked.ReadWhole))
            Volatile.Write(ref _last[worked.Shard.Index], number);
    }
}
