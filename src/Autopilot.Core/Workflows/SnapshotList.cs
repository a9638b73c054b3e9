namespace Autopilot.Core.Workflows;

/// <summary>The backup tasks of a cluster, in no promised order.</summary>
/// <param name="LatestBackupAt">When the latest backup was made; null where upstream does not say.</param>
/// <param name="Tasks">At most <see cref="SnapshotDocument.MaxTasks"/>.</param>
public sealed record SnapshotList(DateTimeOffset? LatestBackupAt, IReadOnlyList<SnapshotTask> Tasks);
