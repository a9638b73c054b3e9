using Autopilot.Core.Tracking;

namespace Autopilot.Core.Tests.Tracking;

internal sealed partial class MemoryStore : IShardBoards
{
    /// <summary>Called once per lease that is asked for, before it is judged.</summary>
    public Action<Shard>? BeforeLease { get; set; }

    /// <summary>Reads of shards, glances and writes of boards, leases included: what a cycle costs.</summary>
    public int Glances { get; private set; }

    public int Leases { get; private set; }

    public int BoardWrites { get; private set; }

    public Task<IReadOnlyList<ShardBoard?>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ShardBoard?>>(_boards);

    public Task<ShardGlance> GlanceAsync(Shard shard, CancellationToken cancellationToken)
    {
        Reach(shard);
        lock (_lock)
        {
            Glances++;
            var empty = !_rows.Values.Any(r => r.Tracked && !Runs.Any(f => f.Target == r.Target) && Shard.Of(r.Target.WorkflowId) == shard)
                && Fleet?.Clusters.Values.Any(c => Shard.Of(c.ClusterId) == shard) is not true && Fleet?.Projects.Values.Any(p => Shard.Of(p.ProjectId) == shard) is not true;
            return Task.FromResult(new ShardGlance(empty, empty ? _boards[shard.Index] : null));
        }
    }

    public Task WriteAsync(Shard shard, ShardBoard board, CancellationToken cancellationToken)
    {
        Reach(shard);
        lock (_lock)
            WriteBoard(shard, board);
        return Task.CompletedTask;
    }

    public Task<ShardBoard?> TakeLeaseAsync(Shard shard, ShardBoard? board, ShardLease lease, CancellationToken cancellationToken)
    {
        Reach(shard);
        BeforeLease?.Invoke(shard);
        lock (_lock)
        {
            if (_boards[shard.Index]?.Version != board?.Version)
                return Task.FromResult<ShardBoard?>(null);
            Leases++;
            return Task.FromResult<ShardBoard?>(_boards[shard.Index] = (_boards[shard.Index] ?? new ShardBoard()) with { Lease = lease, Version = $"v{++_version}" });
        }
    }

    private void WriteBoard(Shard shard, ShardBoard? board)
    {
        var row = _boards[shard.Index];
        // A board under a lease that is no longer the row's is left out; one without a lease leaves the row's.
        if (board is null || (board.Lease is not null && board.Lease.Holder != row?.Lease?.Holder))
            return;
        BoardWrites++;
        _boards[shard.Index] = board with { Lease = board.Lease is null ? row?.Lease : null, Version = $"v{++_version}" };
    }
}
