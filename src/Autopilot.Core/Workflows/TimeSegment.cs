namespace Autopilot.Core.Workflows;

/// <summary>A stretch of an upgrade's time that is of one kind throughout.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end, after its beginning.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Task">The task that ran, was queued, blocked or was awaited; null where no single one is known.</param>
internal readonly record struct TimeSegment(DateTimeOffset From, DateTimeOffset To, TimeKind Kind, UpgradeTaskType? Task);
