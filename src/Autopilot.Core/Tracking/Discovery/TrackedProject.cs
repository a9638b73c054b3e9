using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>All that is kept about a project whose clusters are found by its cluster list: one row, in the shard of its id.</summary>
public sealed record TrackedProject
{
    /// <summary>In the form that <see cref="ResourceId"/> gives.</summary>
    public required string ProjectId { get; init; }

    /// <summary>Who asked for it.</summary>
    public DiscoveryOrigin Origin { get; init; }

    /// <summary>False after a person deleted it.</summary>
    public bool Tracked { get; init; } = true;

    /// <summary>When its discovery began, UTC.</summary>
    public DateTimeOffset TrackedAt { get; init; }

    /// <summary>The last scan that succeeded; null before the first.</summary>
    public DateTimeOffset? ListedAt { get; init; }

    /// <summary>When it is due next.</summary>
    public DateTimeOffset NextListAt { get; init; }

    /// <summary>
    /// The clusters of the last scan, which are tracked or were deleted by a person: only what differs from them is news.
    /// </summary>
    public IReadOnlyList<ListedCluster> Clusters { get; init; } = [];

    /// <summary>Set while scans fail.</summary>
    public PollFailure? Failure { get; init; }

    /// <summary>The store's token for this version of the row; null for a row that is not stored yet.</summary>
    public string? Version { get; init; }

    /// <inheritdoc cref="TrackedWorkflow.Unknown"/>
    public UnknownContent? Unknown { get; init; }

    /// <summary>Whether the last successful scan is older than three of them should be.</summary>
    public bool IsStale(DateTimeOffset now, TimeSpan every) => Tracked && now - (ListedAt ?? TrackedAt) > 3 * every;
}
