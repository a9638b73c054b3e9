using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>Filters of a list; null means any.</summary>
public sealed record WorkflowQuery
{
    /// <summary>What a finished workflow can be assessed as.</summary>
    private static readonly Assessment[] Ends = [Workflows.Assessment.Completed, Workflows.Assessment.Cancelled, Workflows.Assessment.Gone];

    /// <summary>Computed, so that no store can filter by it.</summary>
    public AnyOf<Assessment>? Assessment { get; init; }

    /// <summary>The cluster's id.</summary>
    public AnyOf<string>? ClusterId { get; init; }

    /// <summary>The cluster's id, or its name exactly as it is shown.</summary>
    public AnyOf<string>? Cluster
    {
        get;
        init
        {
            field = value;
            string[] ids = [.. value?.Values.Select(text => ResourceId.TryNormalize(text, out var id) ? id : null).OfType<string>() ?? []];
            ClusterAsId = ids.Length > 0 ? new AnyOf<string>(ids) : null;
        }
    }

    /// <summary>Only workflows of this project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Exactly as upstream says it.</summary>
    public AnyOf<string>? Phase { get; init; }

    /// <summary>True: only active ones. False: only finished and untracked ones.</summary>
    public bool? Active { get; init; }

    /// <summary>What of <see cref="Cluster"/> can be an id, in the form in which ids are compared; null where nothing can.</summary>
    public AnyOf<string>? ClusterAsId { get; private init; }

    /// <summary>Whether a finished workflow can match at all.</summary>
    public bool MayBeFinished => Active is not true && (Assessment is null || Assessment.Overlaps(Ends));

    /// <summary>Whether a row matches every filter but <see cref="Assessment"/> and <see cref="Active"/>.</summary>
    public bool Matches(TrackedWorkflow row) =>
        (ClusterId is null || ClusterId.Contains(row.Target.ClusterId))
        && (
            Cluster is null
            || ClusterAsId?.Contains(row.Target.ClusterId) is true
            || (row.ClusterName is { } name && Cluster.Contains(name))
        )
        && (ProjectId is null || row.Target.ProjectId == ProjectId)
        && (Phase is null || (row.State is { } state && Phase.Contains(state.Phase.Value)));
}
