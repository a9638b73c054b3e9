namespace Autopilot.Core.Workflows;

/// <summary>A stretch of an upgrade's time that is of one kind throughout.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end, after its beginning.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Task">The task that ran, was queued, blocked or was awaited; null where no single one is known.</param>
/// <param name="Status">The task's status at its beginning; null where no single task is known.</param>
/// <param name="Reason">Why the task blocked or was awaited; null while something ran or was queued, and where it is unknown.</param>
internal readonly record struct TimeSegment(
    DateTimeOffset From,
    DateTimeOffset To,
    TimeKind Kind,
    UpgradeTaskType? Task = null,
    UpgradeTaskStatus? Status = null,
    BlockingReason? Reason = null
)
{
    /// <summary>Whether the two are one stretch where they adjoin.</summary>
    public bool IsSameAs(TimeSegment other) => Kind == other.Kind && Task == other.Task && Reason == other.Reason;
}
