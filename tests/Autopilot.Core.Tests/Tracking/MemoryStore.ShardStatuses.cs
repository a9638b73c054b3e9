using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Core.Tests.Tracking;

internal sealed partial class MemoryStore : IShardStatusStore
{
    /// <summary>Called once per lease that is asked for, before it is evaluated.</summary>
    public Action<Shard>? BeforeLease { get; set; }

    /// <summary>Reads of shards, peeks and writes of shard statuses, leases included: what a cycle costs.</summary>
    public int Glances { get; private set; }

    public int Leases { get; private set; }

    public int BoardWrites { get; private set; }

    public Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ShardStatus?>>(_boards);

    public Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken)
    {
        Reach(shard);
        lock (_lock)
        {
            Glances++;
            var empty =
                !_rows.Values.Any(r => r.Tracked && !Runs.Any(f => f.Target == r.Target) && Shard.Of(r.Target.WorkflowId) == shard)
                && Fleet?.Clusters.Values.Any(c => Shard.Of(c.ClusterId) == shard) is not true
                && Fleet?.Projects.Values.Any(p => Shard.Of(p.ProjectId) == shard) is not true;
            return Task.FromResult(new ShardPeek(empty, empty ? _boards[shard.Index] : null));
        }
    }

    public Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken)
    {
        Reach(shard);
        lock (_lock)
        {
            WriteBoard(shard, status);
        }

        return Task.CompletedTask;
    }

    public Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken)
    {
        Reach(shard);
        BeforeLease?.Invoke(shard);
        lock (_lock)
        {
            if (_boards[shard.Index]?.ETag != status?.ETag)
            {
                return Task.FromResult<ShardStatus?>(null);
            }

            Leases++;
            return Task.FromResult<ShardStatus?>(
                _boards[shard.Index] = (_boards[shard.Index] ?? new ShardStatus()) with { Lease = lease, ETag = $"v{++_version}" }
            );
        }
    }

    private void WriteBoard(Shard shard, ShardStatus? status)
    {
        var row = _boards[shard.Index];
        // A shard status under a lease that is no longer the row's is left out; one without a lease leaves the row's.
        if (status is null || (status.Lease is not null && status.Lease.Holder != row?.Lease?.Holder))
        {
            return;
        }

        BoardWrites++;
        _boards[shard.Index] = status with { Lease = status.Lease is null ? row?.Lease : null, ETag = $"v{++_version}" };
    }
}
