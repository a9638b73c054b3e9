using Autopilot.Api.Problems;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Clusters;

/// <summary>Refuses the name of a known cluster where only an id may stand.</summary>
internal static class ClusterNameGuard
{
    /// <summary>The problem, or null where no other cluster has the id for its name. A UUID costs nothing.</summary>
    /// <param name="id">In the form in which ids are compared.</param>
    /// <param name="where">Where it stands, for the message: <c>body</c> or <c>path</c>.</param>
    /// <param name="directory">Where the names are.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public static async Task<Problem?> CheckAsync(
        string id,
        string where,
        ClusterDirectory directory,
        CancellationToken cancellationToken
    ) =>
        !ClusterName.IsSurelyId(id)
        && await directory.FindAsync(id, cancellationToken) is { Count: > 0 } clusters
        && clusters.All(cluster => cluster.ClusterId != id)
            ? ProblemFactory.NameForClusterId(where, id, clusters)
            : null;
}
