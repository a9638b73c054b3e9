namespace Autopilot.Core.Workflows;

/// <summary>One run of a task, or a time in which the task was waited for, was queued or blocked the upgrade.</summary>
/// <param name="Task">The task.</param>
/// <param name="Kind">Whether it ran, was waited for, was queued or blocked.</param>
/// <param name="Status">Of a run its last known status; otherwise the status at the start of the row.</param>
/// <param name="StartedAt">Start: of a run by upstream's clock, else the observation that first showed it; see
/// <see cref="TimesObserved"/>.</param>
/// <param name="EndedAt">End: of an attempt by upstream's clock, else the observation that stands in for it; null while it is under
/// way.</param>
/// <param name="Seconds">Length in seconds; of what is under way until <see cref="UpgradeTimeline.To"/>. Null where the clocks contradict
/// each other. Also null for an attempt without a start that had ended when it was first seen.</param>
public sealed record TimelineRow(
    UpgradeTaskType Task,
    TimelineKind Kind,
    UpgradeTaskStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    double? Seconds
)
{
    /// <summary>Why it blocked; null of every other row.</summary>
    public BlockingReason? Reason { get; init; }

    /// <summary>
    /// What a failed attempt failed on, in upstream's text: up to three items, or its message. Null where upstream has not said, and in
    /// every other row.
    /// </summary>
    public string? FailedOn { get; init; }

    /// <summary>
    /// True of a run whose start, end or both are our observations, as upstream gives no such time; null of every other row.
    /// </summary>
    public bool? TimesObserved { get; init; }
}
