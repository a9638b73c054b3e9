using Autopilot.Core.Paging;
using Autopilot.Core.Tracking.Discovery;

namespace Autopilot.Core.Listing;

/// <summary>The order of the lists of clusters and projects.</summary>
public static class DiscoveryOrder
{
    /// <summary>Of projects a token depends on nothing else.</summary>
    public const string ProjectsQuery = "projects";

    /// <summary>All that the list of clusters depends on but the size of the page.</summary>
    public static string ClustersQuery(string? projectId) => $"clusters {projectId}";

    /// <summary>By name, whatever the case; one without a name by its id.</summary>
    public static SortKey KeyOf(TrackedCluster cluster) => new(0, SortKey.TextOf(cluster.Name ?? cluster.ClusterId), 0, cluster.ClusterId);

    /// <summary>By id.</summary>
    public static SortKey KeyOf(TrackedProject project) => new(0, "", 0, project.ProjectId);
}
