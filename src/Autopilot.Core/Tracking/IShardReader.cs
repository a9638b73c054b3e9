using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// Reads what a cycle polls. Every method throws <see cref="StorageUnavailableException"/> when the store cannot be reached,
/// and nothing else of the store's own.
/// </summary>
public interface IShardReader
{
    /// <summary>One range read: active rows and the shard status.</summary>
    Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken);
}
