using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>
/// The normalized summary of a workflow: what blocks, since when, why, what to do, how long still. Every figure is as of
/// <see cref="ObservedAt"/>; all durations are seconds with microseconds kept, never negative.
/// </summary>
public record WorkflowSummary
{
    /// <summary>Id of the upgrade workflow, in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the project that the cluster belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Id of the cluster that is upgraded.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The cluster's name; null while none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Version upgraded from, such as <c>v1.28.6-r0</c>; null before the first read, and where upstream gives none.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to; null before the first read, and where upstream gives none.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>As upstream says it; null before the first read.</summary>
    public WorkflowPhase? Phase { get; init; }

    /// <summary>What it means.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>One sentence a person can act on.</summary>
    public required string Headline { get; init; }

    /// <summary>When the workflow was created upstream, UTC; null before the first read, and where upstream gives no time.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Only of a finished workflow: of <c>Success</c> the latest task end, else the first observation of the phase.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last successful read, UTC: every figure is as of this time. Null before the first.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>When the current state was first observed, UTC; null before the first read.</summary>
    public DateTimeOffset? LastChangedAt { get; init; }

    /// <summary>Whether <see cref="ObservedAt"/> is older than three of the workflow's own poll intervals and it is not finished.</summary>
    public required bool Stale { get; init; }

    /// <summary>False after a person stopped the tracking: the figures stand still then.</summary>
    public required bool Tracked { get; init; }

    /// <summary>False when it had ended before it was first seen; left out otherwise.</summary>
    public bool? SeenLive { get; init; }

    /// <summary>States seen so far; 0 before the first read.</summary>
    public required long Sequence { get; init; }

    /// <summary>Creation to end, or to <see cref="ObservedAt"/>; null where the creation is unknown.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>Length of the union of all run intervals.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active, at least 0.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>Where the elapsed time went; null where that is unknown.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Which version the cluster is on; null before the first read.</summary>
    public ClusterIs? ClusterIs { get; init; }

    /// <summary>How many of the required tasks are done; null before the first read.</summary>
    public WorkflowProgress? Progress { get; init; }

    /// <summary>
    /// What the workflow cannot move past now. Null once it has ended, before the first read, and where every required task is done.
    /// </summary>
    public BlockingTask? BlockingTask { get; init; }

    /// <summary>
    /// What may be done now: seven actions are always listed, <c>Wait</c>, <c>ContactSupport</c> and <c>LookInConsole</c> where they are
    /// advised. What is advised comes first, in the order of the sentence that says it; then what else is allowed, what is not documented,
    /// and what is refused.
    /// </summary>
    public IReadOnlyList<WorkflowAction> Actions { get; init; } = [];

    /// <summary>The tasks in execution order; empty before the first read.</summary>
    public IReadOnlyList<TaskSummary> Tasks { get; init; } = [];

    /// <summary>How long the rest should take; null unless the blocking task runs or is queued.</summary>
    public UpgradeEstimate? Estimate { get; init; }

    /// <summary>What is worth knowing beside the blocking task: errors first, then warnings, of each level the oldest first.</summary>
    public IReadOnlyList<Insight> Insights { get; init; } = [];
}
