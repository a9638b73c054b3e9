using Autopilot.Core.Tracking;

namespace Autopilot.Server.Tests.Scheduling;

/// <summary>Boards that can only be read.</summary>
internal sealed class FakeBoards : IShardBoards
{
    /// <summary>When the last cycle began; null when there was none.</summary>
    public DateTimeOffset? LastBegan { get; set; }

    public bool Down { get; set; }

    public Task<IReadOnlyList<ShardBoard?>> ReadAllAsync(CancellationToken cancellationToken) => Down
        ? throw new StorageUnavailableException("the tables are down")
        : Task.FromResult<IReadOnlyList<ShardBoard?>>([.. Shard.All.Select(shard => LastBegan is null ? null : new ShardBoard { StartedAt = LastBegan })]);

    public Task<ShardGlance> GlanceAsync(Shard shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WriteAsync(Shard shard, ShardBoard board, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ShardBoard?> TakeLeaseAsync(Shard shard, ShardBoard? board, ShardLease lease, CancellationToken cancellationToken) => throw new NotSupportedException();
}
