namespace Autopilot.Core.Workflows;

/// <summary>A task of a timeline, whether it has run or not.</summary>
/// <param name="Task">The task.</param>
/// <param name="Status">Its status at <see cref="UpgradeTimeline.To"/>.</param>
/// <param name="Required">Whether it lies on the required path.</param>
/// <param name="ExpiresAt">When its result expires or has expired: of a passed pre-check that nothing has used yet; null of every other
/// task.</param>
public sealed record TimelineTask(UpgradeTaskType Task, UpgradeTaskStatus Status, bool Required, DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// Its part of the upgrade's time split, in seconds; where several ran at once, the time is the first one's. Null where it has none.
    /// </summary>
    public TimeSplit? Time { get; init; }
}
