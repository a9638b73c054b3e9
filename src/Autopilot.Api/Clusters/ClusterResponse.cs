using Autopilot.Core.Paging;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Clusters;

/// <summary>A cluster whose workflows are discovered.</summary>
internal sealed record ClusterResponse
{
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public string? ClusterName { get; init; }

    /// <summary>Who asked for it: <c>Person</c>, <c>Settings</c> or <c>Project</c>.</summary>
    public required string Origin { get; init; }

    public required DateTimeOffset TrackedAt { get; init; }

    /// <summary>The last look that succeeded.</summary>
    public DateTimeOffset? DiscoveredAt { get; init; }

    public required DateTimeOffset NextDiscoveryAt { get; init; }

    /// <summary>Whether the last good look is older than three of them should be.</summary>
    public required bool Stale { get; init; }

    /// <summary>Workflows that upstream listed at the last look; null before the first.</summary>
    public int? Workflows { get; init; }

    public FailureResponse? Failure { get; init; }

    /// <summary>The upgrade that is under way; null when there is none, or nobody tracks it.</summary>
    public WorkflowSummary? CurrentUpgrade { get; init; }

    /// <summary>1 where the stored row of the upgrade that is under way cannot be read; null otherwise. GET of that workflow says why.</summary>
    public int? Unreadable { get; init; }

    public static ClusterResponse Of(TrackedCluster cluster, WorkflowSummary? currentUpgrade, bool unreadable, DateTimeOffset now, TimeSpan every) => new()
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

/// <summary>Why the latest looks failed; what was found before is kept.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">Upstream's own code, when it gave one.</param>
/// <param name="Message">What to do, where that is known.</param>
/// <param name="Since">The first failure in a row.</param>
/// <param name="Count">How many in a row.</param>
internal sealed record FailureResponse(string Kind, string? Code, string Message, DateTimeOffset Since, int Count)
{
    public static FailureResponse? Of(PollFailure? failure) => failure is null ? null : new FailureResponse(failure.Kind.ToString(), failure.Code, failure.Message, failure.Since, failure.Count);
}

/// <summary>A page of clusters, full or the last one; where it is neither, <paramref name="Partial"/> says why.</summary>
/// <param name="Value">The clusters, by name, those without one by id.</param>
/// <param name="Unreadable">Rows that were met and cannot be read; left out where there are none.</param>
/// <param name="Partial">Why the page is short though there is more.</param>
/// <param name="NextLink">Left out on the last page.</param>
internal sealed record ClusterPage(IReadOnlyList<ClusterResponse> Value, int? Unreadable, PartialReason? Partial, string? NextLink);

/// <summary>A project whose clusters are discovered.</summary>
internal sealed record ProjectResponse
{
    public required string Id { get; init; }

    /// <summary>Who asked for it: <c>Person</c> or <c>Settings</c>.</summary>
    public required string Origin { get; init; }

    public required DateTimeOffset TrackedAt { get; init; }

    /// <summary>The last look that succeeded.</summary>
    public DateTimeOffset? DiscoveredAt { get; init; }

    public required DateTimeOffset NextDiscoveryAt { get; init; }

    /// <summary>Whether the last good look is older than three of them should be.</summary>
    public required bool Stale { get; init; }

    /// <summary>Clusters that upstream listed at the last look; null before the first.</summary>
    public int? Clusters { get; init; }

    public FailureResponse? Failure { get; init; }

    public static ProjectResponse Of(TrackedProject project, DateTimeOffset now, TimeSpan every) => new()
    {
        Id = project.ProjectId,
        Origin = project.Origin.ToString(),
        TrackedAt = project.TrackedAt,
        DiscoveredAt = project.ListedAt,
        NextDiscoveryAt = project.NextListAt,
        Stale = project.IsStale(now, every),
        Clusters = project.ListedAt is null ? null : project.Clusters.Count,
        Failure = FailureResponse.Of(project.Failure),
    };
}

/// <summary>A page of projects, full or the last one; where it is neither, <paramref name="Partial"/> says why.</summary>
/// <param name="Value">The projects, by id.</param>
/// <param name="Unreadable">Rows that were met and cannot be read; left out where there are none.</param>
/// <param name="Partial">Why the page is short though there is more.</param>
/// <param name="NextLink">Left out on the last page.</param>
internal sealed record ProjectPage(IReadOnlyList<ProjectResponse> Value, int? Unreadable, PartialReason? Partial, string? NextLink);
