using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking;

/// <param name="Shards">In the order of the rotation.</param>
/// <param name="Largest">Workflows in the largest, as far as is known; 0 where it is not.</param>
internal sealed record ShardOrder(IReadOnlyList<Shard> Shards, int Largest = 0);
