namespace Autopilot.Core.Workflows;

/// <summary>One run of a task, or a time in which the task was waited for, was queued or blocked the upgrade.</summary>
/// <param name="Task">The task.</param>
/// <param name="Kind">Whether it ran, was waited for, was queued or blocked.</param>
/// <param name="Status">Of a run its last known status; otherwise the status at the start of the row.</param>
/// <param name="StartedAt">Start: of a run by upstream's clock.</param>
/// <param name="EndedAt">End; null while it goes on or where it was never seen.</param>
/// <param name="Seconds">Length, of what goes on until <see cref="UpgradeTimeline.To"/>; null where the clocks contradict each other.</param>
public sealed record TimelineRow(UpgradeTaskType Task, TimelineKind Kind, UpgradeTaskStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double? Seconds)
{
    /// <summary>Why it blocked; null of every other row.</summary>
    public BlockingReason? Reason { get; init; }

    /// <summary>What a failed run failed on, in upstream's words: up to three items, or its message; null where upstream has not said, and of every other row.</summary>
    public string? FailedOn { get; init; }
}
