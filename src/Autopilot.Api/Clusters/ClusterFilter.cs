using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Clusters;

/// <summary>The clusters that a filter names, by id where they are known.</summary>
/// <param name="Ids">The ids; null where there are none.</param>
/// <param name="Names">Names that no cluster here has now; null where there are none. Rows may bear them all the same: a cluster's former
/// name, or one that breaks the rule for names.</param>
internal sealed record ClusterFilter(AnyOf<string>? Ids, AnyOf<string>? Names)
{
    /// <summary>No filter.</summary>
    public static ClusterFilter None { get; } = new(null, null);

    /// <summary>The whole filter, as a query has it.</summary>
    public AnyOf<string>? All =>
        Ids is null ? Names
        : Names is null ? Ids
        : new AnyOf<string>([.. Ids.Values, .. Names.Values]);

    /// <summary>Finds the clusters by id or name: an exact id wins, and a name that several clusters have is 409.</summary>
    /// <param name="given">Ids and names.</param>
    /// <param name="directory">Where the names are.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <param name="ofUpgrades">Whether upgrades are chosen, and no figures made of them. A name of several clusters then means all of
    /// them, as long as only one of their upgrades goes on.</param>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public static async Task<(ClusterFilter Filter, Problem? Problem)> ResolveAsync(
        AnyOf<string>? given,
        ClusterDirectory directory,
        CancellationToken cancellationToken,
        bool ofUpgrades = false
    )
    {
        if (given is null)
        {
            return (None, null);
        }

        List<string> ids = [],
            names = [];
        foreach (var text in given.Values)
        {
            if (!Reference.TryRead(text, out var reference))
            {
                names.Add(text);
                continue;
            }

            IReadOnlyList<NamedCluster> clusters = reference.MayBeName ? await directory.FindAsync(text, cancellationToken) : [];
            if (clusters.Count > 1 && !(ofUpgrades && ClusterDirectory.Meant(clusters) is not null))
            {
                return (None, ProblemFactory.AmbiguousCluster(text, clusters));
            }

            ids.AddRange(clusters.Select(cluster => cluster.ClusterId));
            if (clusters.Count == 0 && reference.Id is { } id)
            {
                ids.Add(id);
            }

            if (clusters.Count == 0 && reference.MayBeName)
            {
                names.Add(ClusterName.KeyOf(text));
            }
        }

        return (
            new ClusterFilter(ids.Count == 0 ? null : new AnyOf<string>(ids), names.Count == 0 ? null : new AnyOf<string>(names)),
            null
        );
    }
}
