using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>Which runs.</summary>
/// <param name="From">The earliest end, inclusive.</param>
/// <param name="To">The latest, exclusive.</param>
public sealed record RunQuery(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Of these clusters, by id.</summary>
    public AnyOf<string>? ClusterId { get; init; }

    /// <summary>Also runs of clusters with these names, without case: clusters that only have runs stored.</summary>
    public AnyOf<string>? ClusterName { get; init; }

    /// <summary>Only runs of this project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Exactly this version.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>Only runs that ended so.</summary>
    public WorkflowOutcome? Outcome { get; init; }

    /// <summary>Whether a run is of the clusters.</summary>
    public bool IsOfClusters(string clusterId, string? clusterName) =>
        (ClusterId is null && ClusterName is null)
        || ClusterId?.Contains(clusterId) is true
        || (clusterName is not null && ClusterName?.Values.Contains(clusterName, StringComparer.OrdinalIgnoreCase) is true);
}
