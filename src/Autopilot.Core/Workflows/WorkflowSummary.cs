namespace Autopilot.Core.Workflows;

/// <summary>
/// The normalized summary of a workflow: what blocks, since when, why, what to do, how long still. Every figure is as of
/// <see cref="ObservedAt"/>; all durations are seconds with microseconds kept, never negative.
/// </summary>
public sealed record WorkflowSummary
{
    public required string Id { get; init; }
    public string? ProjectId { get; init; }
    public string? ClusterId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }

    /// <summary>As upstream says it; null before the first read.</summary>
    public WorkflowPhase? Phase { get; init; }

    /// <summary>What it means.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>One sentence a person can act on.</summary>
    public required string Headline { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Only of a finished workflow: of <c>Success</c> the latest task end, else the first observation of the phase.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? ObservedAt { get; init; }
    public DateTimeOffset? LastChangedAt { get; init; }

    /// <summary>Whether <see cref="ObservedAt"/> is older than three of the workflow's own poll intervals and it is not finished.</summary>
    public required bool Stale { get; init; }

    public required bool Tracked { get; init; }

    /// <summary>False when it had ended before it was first seen; left out otherwise.</summary>
    public bool? SeenLive { get; init; }

    /// <summary>States seen so far; 0 before the first read.</summary>
    public required long Sequence { get; init; }

    /// <summary>Creation to end, or to <see cref="ObservedAt"/>.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>Length of the union of all run intervals.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active, at least 0.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>Where the elapsed time went; null where that is unknown.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Which version the cluster is on; null before the first read.</summary>
    public ClusterIs? ClusterIs { get; init; }

    public WorkflowProgress? Progress { get; init; }
    public BlockingTask? BlockingTask { get; init; }
    public IReadOnlyList<TaskSummary> Tasks { get; init; } = [];
    public UpgradeEstimate? Estimate { get; init; }
    public IReadOnlyList<Insight> Insights { get; init; } = [];
}
