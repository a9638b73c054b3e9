using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>All that is kept about a cluster whose workflows are discovered: one row, in the shard of its id.</summary>
public sealed record TrackedCluster
{
    /// <summary>In the form that <see cref="ResourceId"/> gives.</summary>
    public required string ProjectId { get; init; }

    /// <summary>In the form that <see cref="ResourceId"/> gives.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Its name, once known: given by a person, or by upstream.</summary>
    public string? Name { get; init; }

    /// <summary>Whether a person gave the name, so that upstream's does not replace it.</summary>
    public bool NameGiven { get; init; }

    /// <summary>When upstream was last asked for the name, whatever it said.</summary>
    public DateTimeOffset? NameReadAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public DiscoveryOrigin Origin { get; init; }

    /// <summary>False after a person deleted it: the row remains so that neither settings nor a project bring it back.</summary>
    public bool Tracked { get; init; } = true;

    /// <summary>When discovery of it began.</summary>
    public DateTimeOffset TrackedAt { get; init; }

    /// <summary>The last scan that succeeded; null before the first.</summary>
    public DateTimeOffset? DiscoveredAt { get; init; }

    /// <summary>When it is due next.</summary>
    public DateTimeOffset NextDiscoveryAt { get; init; }

    /// <summary>Workflows that upstream listed at the last scan.</summary>
    public int Listed { get; init; }

    /// <summary>
    /// Ids of the workflows of the last scan that need no further evaluation: they are tracked, recorded, untracked by a person, or were
    /// purged. So a scan that finds nothing new reads only this row. A workflow that a person purged does not come back for as long as
    /// upstream lists it.
    /// </summary>
    public IReadOnlyList<string> Settled { get; init; } = [];

    /// <summary>
    /// The name that the listed workflows were given; another one than <see cref="Name"/> is still to be passed on to them.
    /// </summary>
    public string? NamePassedOn { get; init; }

    /// <summary>The newest workflow of the last scan that had not ended; null when there was none.</summary>
    public string? CurrentWorkflowId { get; init; }

    /// <summary>Set while scans fail.</summary>
    public PollFailure? Failure { get; init; }

    /// <summary>The store's token for this version of the row; null for a row that is not stored yet.</summary>
    public string? ETag { get; init; }

    /// <inheritdoc cref="TrackedWorkflow.Unknown"/>
    public UnknownContent? Unknown { get; init; }

    /// <summary>Whether the last successful scan is older than three of them should be.</summary>
    public bool IsStale(DateTimeOffset now, TimeSpan every) => Tracked && now - (DiscoveredAt ?? TrackedAt) > 3 * every;
}
