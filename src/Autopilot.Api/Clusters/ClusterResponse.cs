using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Clusters;

/// <summary>A cluster whose workflows are discovered.</summary>
internal sealed record ClusterResponse
{
    /// <summary>The cluster's id, in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Id of its project.</summary>
    public required string ProjectId { get; init; }

    /// <summary>Its name: as a person gave it, else as upstream has it. Null while none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Who asked for it: <c>Person</c>, <c>Settings</c> or <c>Project</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>When its discovery began, UTC.</summary>
    public required DateTimeOffset TrackedAt { get; init; }

    /// <summary>The last scan that succeeded.</summary>
    public DateTimeOffset? DiscoveredAt { get; init; }

    /// <summary>When the next scan is due, UTC.</summary>
    public required DateTimeOffset NextDiscoveryAt { get; init; }

    /// <summary>Whether the last successful scan is older than three of them should be.</summary>
    public required bool Stale { get; init; }

    /// <summary>Workflows that upstream listed at the last scan; null before the first.</summary>
    public int? Workflows { get; init; }

    /// <summary>Why the latest scans failed; null while they succeed.</summary>
    public FailureResponse? Failure { get; init; }

    /// <summary>The upgrade that is under way; null when there is none, or it is not tracked.</summary>
    public WorkflowSummary? CurrentUpgrade { get; init; }

    /// <summary>
    /// 1 where the stored row of the upgrade that is under way cannot be read; null otherwise. GET of that workflow says why.
    /// </summary>
    public int? Unreadable { get; init; }

    public static ClusterResponse Of(
        TrackedCluster cluster,
        WorkflowSummary? currentUpgrade,
        bool unreadable,
        DateTimeOffset now,
        TimeSpan every
    ) =>
        new()
        {
            Id = cluster.ClusterId,
            ProjectId = cluster.ProjectId,
            ClusterName = cluster.Name,
            Origin = cluster.Origin.ToString(),
            TrackedAt = cluster.TrackedAt,
            DiscoveredAt = cluster.DiscoveredAt,
            NextDiscoveryAt = cluster.NextDiscoveryAt,
            Stale = cluster.IsStale(now, every),
            Workflows = cluster.DiscoveredAt is null ? null : cluster.Listed,
            Failure = FailureResponse.Of(cluster.Failure),
            CurrentUpgrade = currentUpgrade,
            Unreadable = unreadable ? 1 : null,
        };
}
