using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>Filters of a list; null means any.</summary>
public sealed record WorkflowQuery
{
    /// <summary>What a finished workflow can be assessed as.</summary>
    private static readonly Assessment[] Ends = [Workflows.Assessment.Completed, Workflows.Assessment.Cancelled, Workflows.Assessment.Gone];

    /// <summary>Computed, so that no store can filter by it.</summary>
    public Assessment? Assessment { get; init; }

    /// <summary>The cluster's id.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The cluster's id, or its name exactly as it is shown.</summary>
    public string? Cluster { get; init; }

    public string? ProjectId { get; init; }

    /// <summary>Exactly as upstream says it.</summary>
    public string? Phase { get; init; }

    /// <summary>True: only active ones. False: only finished and untracked ones.</summary>
    public bool? Active { get; init; }

    /// <summary><see cref="Cluster"/> in the form in which ids are compared; null where it cannot be an id.</summary>
    public string? ClusterAsId => ResourceId.TryNormalize(Cluster, out var id) ? id : null;

    /// <summary>Whether a finished workflow can match at all.</summary>
    public bool MayBeFinished => Active is not true && (Assessment is null || Ends.Contains(Assessment.Value));

    /// <summary>Whether a row matches every filter but <see cref="Assessment"/> and <see cref="Active"/>.</summary>
    public bool Matches(TrackedWorkflow row) =>
        (ClusterId is null || row.Target.ClusterId == ClusterId)
        && (Cluster is null || row.Target.ClusterId == ClusterAsId || row.ClusterName == Cluster)
        && (ProjectId is null || row.Target.ProjectId == ProjectId)
        && (Phase is null || row.State?.Phase.Value == Phase);
}
