namespace Autopilot.Core.Workflows;

/// <summary>What upstream said of the cluster's latest backup when the cluster stage could be started.</summary>
/// <param name="For">The runs of pre-check and snapshot that the question belongs to: with others it is asked once more.</param>
/// <param name="At">When the backup was made; null where upstream knows of none, or does not offer the list.</param>
/// <param name="AskedAt">When upstream said so; null in rows that were stored before it was kept.</param>
public sealed record LatestBackup(string For, DateTimeOffset? At, DateTimeOffset? AskedAt)
{
    /// <summary>Where upstream gave no time, it is asked again after this: one odd answer is not the last word.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// The question that is open: null unless the cluster stage is the next to start, for the first time, and while the last question was
    /// the same.
    /// </summary>
    internal static string? OpenQuestion(TrackedWorkflow row) =>
        KeyOf(row) is { } key
        && (
            row.Backup?.For != key
            || row.Backup.AskedAt is not { } asked
            || (row.Backup.At is null && row.ObservedAt - asked >= AskAgainAfter)
        )
        && WorkflowAnalysis.Of(row, Baseline.Empty) is { } analysis
        && IsWanted(analysis, BlockingTaskFinder.Find(analysis))
            ? key
            : null;

    /// <summary>Whether a person can start the cluster stage now, and so may ask how old the backup is.</summary>
    internal static bool IsWanted(WorkflowAnalysis analysis, Blockage? blockage) =>
        blockage is { Reason: BlockingReason.AwaitingStart } && blockage.Task.Type == UpgradeTaskType.Cluster && !analysis.IsGone;

    /// <summary>The pre-check that passed and the snapshot, as they stand; null where the cluster stage cannot be next.</summary>
    private static string? KeyOf(TrackedWorkflow row) =>
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
