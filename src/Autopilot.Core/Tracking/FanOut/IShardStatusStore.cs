using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// The boards of the shards: what the latest cycle of each came to, and who polls it. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached, and nothing else of the store's own. A poll's board goes
/// with what the poll observed, by <see cref="IObservationStore.WriteAsync"/>; a cycle reads a shard's with the rows, by
/// <see cref="IShardReader.ReadShardAsync"/>.
/// </summary>
public interface IShardStatusStore
{
    /// <summary>The boards of all shards, by <see cref="Shard.Index"/>; null where no cycle has been.</summary>
    Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>One bounded read of keys: whether the shard holds anything that a poller would have to look at.</summary>
    Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken);

    /// <summary>Writes the board of a shard in which there was nothing to poll.</summary>
    /// <param name="status">Without a lease: a lease that the row has stays.</param>
    Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a lease on the board, on condition that the board is as it was when <paramref name="status"/> was read; all else on the board
    /// stays. An answer that was lost is read back.
    /// </summary>
    /// <param name="status">As <see cref="IShardReader.ReadShardAsync"/> gave it; null when there was none.</param>
    /// <returns>The board with the lease, to be written under it; null when another poller was faster.</returns>
    Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken);
}
