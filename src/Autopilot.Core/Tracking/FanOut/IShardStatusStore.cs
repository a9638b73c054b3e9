using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Stores the shard statuses: the result of each shard's latest cycle, and which process polls it. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached, and no other storage exception. A poll's status is written
/// with its observations, by <see cref="IObservationStore.WriteAsync"/>; a cycle reads it with the rows, by
/// <see cref="IShardReader.ReadShardAsync"/>.
/// </summary>
public interface IShardStatusStore
{
    /// <summary>The statuses of all shards, by <see cref="Shard.Index"/>; null where no cycle has been.</summary>
    Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>One bounded read of keys: whether the shard holds anything that a poller would have to read.</summary>
    Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken);

    /// <summary>Writes the status of a shard in which there was nothing to poll.</summary>
    /// <param name="status">Without a lease: a lease that the row has stays.</param>
    Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a lease into the shard status, on condition that it is unchanged since <paramref name="status"/> was read; all else in it
    /// stays. After a lost response the row is read back.
    /// </summary>
    /// <param name="status">As <see cref="IShardReader.ReadShardAsync"/> gave it; null when there was none.</param>
    /// <returns>The status with the lease, to be written under it; null when another poller was faster.</returns>
    Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken);
}
