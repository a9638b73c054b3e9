namespace Autopilot.Core.Workflows;

/// <summary>
/// How a task's time compares with what is normal. Until enough runs have finished to know what is normal, only far too long counts.
/// </summary>
internal static class TaskDurationThresholds
{
    /// <summary>
    /// Where too little history says otherwise, a run of the cluster stage or a rollback is stalled once it is longer than this.
    /// </summary>
    private static readonly TimeSpan LongestUpgrade = TimeSpan.FromMinutes(60);

    /// <summary>The same for every other task.</summary>
    private static readonly TimeSpan LongestOther = TimeSpan.FromMinutes(15);

    /// <summary>A task queued for longer than this is stalled.</summary>
    public static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(30);

    /// <summary>However regular the history, a run is not stalled before it has passed the median by this.</summary>
    private static readonly TimeSpan LeastExcess = TimeSpan.FromMinutes(10);

    private static readonly AttemptDurations Short = Assumed(1, 2, 5);
    private static readonly AttemptDurations Backup = Assumed(3, 5, 20);
    private static readonly AttemptDurations Upgrade = Assumed(15, 25, 40);
    private static readonly AttemptDurations Rollback = Assumed(20, 40, 120);

    /// <summary>
    /// Built-in normal durations, used while fewer than <see cref="Baseline.FewestRuns"/> upgrades are known. Sources: a pre-check takes
    /// about a minute in upstream's own example, a backup of etcd 1 to 5 by its documentation. By reports an upgrade of a control plane
    /// takes some 15 minutes, a rollback 20 and more. For a confirmation nothing is known.
    /// </summary>
    public static AttemptDurations Default(UpgradeTaskType type) =>
        type.Value switch
        {
            "PreCheck" or "PostCheck" => Short,
            "Snapshot" => Backup,
            "Cluster" => Upgrade,
            "Rollback" => Rollback,
            _ => Backup,
        };

    /// <summary>The time from which the task is stalled; null while it is not, and for one that is paused or not under way.</summary>
    public static DateTimeOffset? StalledSince(WorkflowAnalysis analysis, TaskTimes task) =>
        task.Task.IsQueued()
            ? Passed(analysis, task.StatusSince, LongestQueue)
            : Instants.Earlier(
                Passed(analysis, RunningSince(analysis, task), LongestFor(analysis, task.Type)),
                UnmovedSince(analysis, task)
            );

    /// <summary>
    /// The time from which the run is stalled, since upstream's word of its progress has not moved for too long; null otherwise. A word
    /// that never moved in this run proves nothing: its scale is not documented.
    /// </summary>
    public static DateTimeOffset? UnmovedSince(WorkflowAnalysis analysis, TaskTimes task) =>
        task.Status == UpgradeTaskStatus.Running
        && task.Progress is { Moved: true, Since: { } since, ReadAt: { } read }
        && LongestUnmovedFor(analysis, task.Type) is var longest
        && read - since > longest
            ? since + longest
            : null;

    /// <summary>How long upstream's word of the progress of such a task may stay the same.</summary>
    public static TimeSpan LongestUnmovedFor(WorkflowAnalysis analysis, UpgradeTaskType type)
    {
        var least = type == UpgradeTaskType.Cluster ? LongestQueue : LongestOther;
        return analysis.NormalTimes(type) is { } normal && normal.P50 > least ? normal.P50 : least;
    }

    /// <summary>The time from which the task is slow; null while it is not, or where too little history is known.</summary>
    public static DateTimeOffset? SlowSince(WorkflowAnalysis analysis, TaskTimes task) =>
        analysis.NormalTimes(task.Type) is { } normal ? Passed(analysis, RunningSince(analysis, task), normal.P80) : null;

    /// <summary>
    /// The time from which the task takes longer than the 80th percentile (P80); null while it does not. Where too little history is known,
    /// the built-in times count.
    /// </summary>
    public static DateTimeOffset? OverdueSince(WorkflowAnalysis analysis, TaskTimes task) =>
        Passed(analysis, RunningSince(analysis, task), (analysis.NormalTimes(task.Type) ?? Default(task.Type)).P80);

    /// <summary>How long such a task may run before it is stalled.</summary>
    public static TimeSpan LongestFor(WorkflowAnalysis analysis, UpgradeTaskType type)
    {
        if (analysis.NormalTimes(type) is not { } normal)
        {
            return type == UpgradeTaskType.Cluster || type == UpgradeTaskType.Rollback ? LongestUpgrade : LongestOther;
        }

        var byTail = 2 * normal.P95;
        var byMedian = normal.P50 + LeastExcess;
        return byTail > byMedian ? byTail : byMedian;
    }

    /// <summary>Since when it runs, or is in a status that we don't know; null of every other.</summary>
    private static DateTimeOffset? RunningSince(WorkflowAnalysis analysis, TaskTimes task) =>
        !task.Task.IsUnderWay() || task.Task.IsQueued() || task.Status == UpgradeTaskStatus.Pause ? null
        : task.RunStart is { } start && !Clocks.IsAfter(start, analysis.AsOf) ? start
        : task.StatusSince;

    private static DateTimeOffset? Passed(WorkflowAnalysis analysis, DateTimeOffset? since, TimeSpan longest) =>
        since is { } start && analysis.AsOf - start > longest ? start + longest : null;

    private static AttemptDurations Assumed(int p50Minutes, int p80Minutes, int p95Minutes) =>
        new(0, 60 * p50Minutes, 60 * p80Minutes, 60 * p95Minutes);
}
