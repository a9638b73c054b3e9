namespace Autopilot.Core.Workflows;

/// <summary>What upstream said of the cluster's latest backup when the cluster stage could be started.</summary>
/// <param name="For">The runs of pre-check and snapshot that the question belongs to: with others it is asked once more.</param>
/// <param name="At">When the backup was made; null where upstream knows of none, or does not offer the list.</param>
public sealed record LatestBackup(string For, DateTimeOffset? At)
{
    /// <summary>
    /// What the question belongs to: the pre-check that passed and the snapshot, as they stand; null unless the cluster stage is the next
    /// to start for the first time.
    /// </summary>
    internal static string? KeyOf(TrackedWorkflow row) =>
        row is { IsFinished: false, State: { } state }
        && !state.Phase.IsTerminal
        && TaskAttempts.Current(row.Runs, UpgradeTaskType.PreCheck) is { TaskId: { } check } passed
        && passed.Status == UpgradeTaskStatus.Success
        && TaskAttempts.Current(row.Runs, UpgradeTaskType.Cluster) is null
            ? TaskAttempts.Current(row.Runs, UpgradeTaskType.Snapshot) is { } snapshot
                ? $"{check} {snapshot.TaskId} {snapshot.Status}"
                : check
            : null;
}
