using Autopilot.Core.Listing;

namespace Autopilot.Api.Problems;

/// <summary>A cluster that a name may mean.</summary>
/// <param name="ClusterId">Its id: use this instead of the name.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="ClusterName">Its name; left out where none is known.</param>
/// <param name="WorkflowId">Its upgrade: the one that goes on, else the one that ended last; left out where none is known.</param>
/// <param name="Active">Whether that upgrade goes on.</param>
internal sealed record ClusterCandidate(string ClusterId, string ProjectId, string? ClusterName, string? WorkflowId, bool Active)
{
    public static ClusterCandidate Of(NamedCluster cluster) =>
        new(cluster.ClusterId, cluster.ProjectId, cluster.Name, cluster.WorkflowId, cluster.IsActive);
}
