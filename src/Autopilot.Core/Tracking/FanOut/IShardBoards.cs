namespace Autopilot.Core.Tracking;

/// <summary>
/// The shards' boards as a fan-out uses them. Every method throws <see cref="StorageUnavailableException"/> when the store cannot be reached, and nothing else
/// of the store's own.
/// </summary>
public interface IShardBoards
{
    /// <summary>One bounded read of keys: whether the shard holds anything that a poller would have to look at.</summary>
    Task<ShardGlance> GlanceAsync(Shard shard, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a lease on the board, on condition that nobody has written the board since <paramref name="board"/> was read; what the board tells stays.
    /// An answer that was lost is read back.
    /// </summary>
    /// <param name="board">As <see cref="IWorkflowStore.ReadShardAsync"/> gave it; null when there was none.</param>
    /// <returns>The board with the lease, to be written under it; null when somebody else was faster.</returns>
    Task<ShardBoard?> TakeLeaseAsync(Shard shard, ShardBoard? board, ShardLease lease, CancellationToken cancellationToken);
}

/// <summary>What a glance at a shard shows.</summary>
/// <param name="IsEmpty">False also where the bounded read could not tell.</param>
/// <param name="Board">The board, where the shard is empty and has one.</param>
public sealed record ShardGlance(bool IsEmpty, ShardBoard? Board);
