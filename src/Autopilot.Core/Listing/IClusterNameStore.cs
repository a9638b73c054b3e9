using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>
/// Finds what is known of clusters by their name. Throws <see cref="StorageUnavailableException"/> when the store cannot be reached, and
/// nothing else of the store's own.
/// </summary>
public interface IClusterNameStore
{
    /// <summary>
    /// The stored rows of clusters and workflows whose cluster has this name, whatever the case, or this id: a range read for each shard.
    /// Rows that are being purged, and clusters that are no longer discovered, are left out.
    /// </summary>
    /// <param name="text">Keeps <see cref="ClusterName.Rule"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<ClusterMention>> FindAsync(string text, CancellationToken cancellationToken);
}
