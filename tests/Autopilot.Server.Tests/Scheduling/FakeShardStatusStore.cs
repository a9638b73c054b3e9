using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Server.Tests.Scheduling;

/// <summary>Shard statuses that can only be read.</summary>
internal sealed class FakeShardStatusStore : IShardStatusStore
{
    /// <summary>When the last cycle began; null when there was none.</summary>
    public DateTimeOffset? LastBegan { get; set; }

    public bool Down { get; set; }

    public Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken) =>
        Down
            ? throw new StorageUnavailableException("the tables are down")
            : Task.FromResult<IReadOnlyList<ShardStatus?>>([
                .. Shard.All.Select(shard => LastBegan is null ? null : new ShardStatus { StartedAt = LastBegan }),
            ]);

    public Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
