namespace Autopilot.Core.Workflows;

/// <summary>
/// Which version the cluster is on, and whether the rollback or the cluster stage came last. Blocking task, outcome, headline, progress,
/// estimate and reports all go by this one fact.
/// </summary>
/// <param name="Is">Which version the cluster is on.</param>
/// <param name="ByRollback">Whether a rollback decided it.</param>
/// <param name="Rollback">The rollback's latest run, queued or started, where it is later than the cluster stage's; null otherwise.</param>
internal sealed record ClusterVersion(ClusterIs Is, bool ByRollback, TaskAttempt? Rollback)
{
    /// <summary>The fact of a reading whose tasks have their runs.</summary>
    public static ClusterVersion Of(WorkflowAnalysis analysis)
    {
        var cluster = analysis.Find(UpgradeTaskType.Cluster);
        var rollback = analysis.Find(UpgradeTaskType.Rollback);
        var started = Last(cluster, HasStarted);
        var taken = Last(rollback, HasStarted);
        var byRollback = taken is not null && IsLater(taken, started);
        var latest = Last(rollback, static _ => true);
        var version = VersionAfter(byRollback ? taken : started, byRollback);
        return new(
            !byRollback && IsUnseen(analysis, cluster) ? ClusterIs.Unknown : version,
            byRollback,
            latest is not null && IsLater(latest, Last(cluster, static _ => true)) ? latest : null
        );
    }

    /// <summary>A queued run has not started, even where it still carries the start of the run before it.</summary>
    private static bool HasStarted(TaskAttempt run) =>
        run.HasStarted && !(run.Status == UpgradeTaskStatus.Queuing || run.Status == UpgradeTaskStatus.Init);

    private static ClusterIs VersionAfter(TaskAttempt? last, bool isRollback) =>
        last switch
        {
            null => ClusterIs.Old,
            { Status.IsKnown: false } => ClusterIs.Unknown,
            _ when last.Status != UpgradeTaskStatus.Success => ClusterIs.Between,
            _ => isRollback ? ClusterIs.Old : ClusterIs.New,
        };

    /// <summary>The cluster stage is missing and was not seen to end, and yet what comes after it has happened.</summary>
    private static bool IsUnseen(WorkflowAnalysis analysis, TaskTimes? cluster) =>
        (cluster is null || (cluster.Node.Presence != TaskPresence.Shown && !cluster.Status.HasEnded()))
        && (analysis.EndedAt is not null || analysis.Find(UpgradeTaskType.PostCheck) is { HasStarted: true });

    /// <summary>The present run where it counts, else the latest that does.</summary>
    private static TaskAttempt? Last(TaskTimes? task, Predicate<TaskAttempt> counts) =>
        task?.Current is { } current && counts(current) ? current : task?.Runs.FindLast(counts);

    /// <summary>
    /// Running or paused comes after queued, and both after ended; otherwise the later one does, and at equal times the rollback. An
    /// unknown status says nothing of its own.
    /// </summary>
    private static bool IsLater(TaskAttempt rollback, TaskAttempt? cluster) =>
        cluster is null
        || (Rank(rollback) is { } mine && Rank(cluster) is { } its && mine != its ? mine > its : rollback.Instant >= cluster.Instant);

    private static int? Rank(TaskAttempt run) =>
        run switch
        {
            { Superseded: true } => 0,
            _ when run.Status.IsRunningOrPaused() => 2,
            _ when run.Status.IsOpen() => 1,
            _ when run.Status.HasEnded() => 0,
            _ => null,
        };
}
