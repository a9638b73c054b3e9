namespace Autopilot.Core.Listing;

/// <summary>A stored row that names a cluster: its own, or that of one of its workflows.</summary>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="Name">The name as the row has it; null where it has none.</param>
public sealed record ClusterMention(string ClusterId, string ProjectId, string? Name)
{
    /// <summary>The workflow whose row it is; of a cluster's own row its current one. Null where there is none.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Whether it is the cluster's own row.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Whether the workflow is tracked and has not ended.</summary>
    public bool IsActive { get; init; }

    /// <summary>Of an active workflow when tracking began; of another its end, or its last observation.</summary>
    public DateTimeOffset? At { get; init; }
}
