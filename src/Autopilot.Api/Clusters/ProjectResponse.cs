using Autopilot.Core.Tracking.Discovery;

namespace Autopilot.Api.Clusters;

/// <summary>A project whose clusters are discovered.</summary>
internal sealed record ProjectResponse
{
    /// <summary>The project's id, in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked for it: <c>Person</c> or <c>Settings</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>When its discovery began, UTC.</summary>
    public required DateTimeOffset TrackedAt { get; init; }

    /// <summary>The last scan that succeeded.</summary>
    public DateTimeOffset? DiscoveredAt { get; init; }

    /// <summary>When the next scan is due, UTC.</summary>
    public required DateTimeOffset NextDiscoveryAt { get; init; }

    /// <summary>Whether the last successful scan is older than three of them should be.</summary>
    public required bool Stale { get; init; }

    /// <summary>Clusters that upstream listed at the last scan; null before the first.</summary>
    public int? Clusters { get; init; }

    /// <summary>Why the latest scans failed; null while they succeed.</summary>
    public FailureResponse? Failure { get; init; }

    public static ProjectResponse Of(TrackedProject project, DateTimeOffset now, TimeSpan every) =>
        new()
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
