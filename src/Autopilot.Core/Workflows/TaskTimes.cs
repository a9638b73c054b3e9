namespace Autopilot.Core.Workflows;

/// <summary>One task with its runs and figures, as of the observation.</summary>
internal sealed class TaskTimes
{
    /// <summary>
    /// The point that counts. Of a post-check of an earlier upgrade, and of a retry that still carries an earlier start, without what is
    /// not its own.
    /// </summary>
    public required UpgradeTask Task { get; init; }

    /// <summary>Its place in the graph.</summary>
    public required TaskNode Node { get; init; }

    /// <summary>Every attempt, oldest first.</summary>
    public required List<TaskAttempt> Runs { get; init; }

    /// <summary>The run that the point shows; null before the task was started.</summary>
    public TaskAttempt? Current { get; init; }

    /// <summary>What upstream says of the present run's failure; null while it has not failed, or no answer about it is known.</summary>
    public TaskFailure? Failure { get; init; }

    /// <summary>How far the present run is, or what it accepted; null where upstream was not asked about it.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>Whether it ended before the last start of the cluster stage, and so counts as not started.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>Whether the upgrade has gone past it: it failed, or never started, and what depends on it has started.</summary>
    public bool IsPassedOver { get; set; }

    /// <summary>The latest start of what depends on it, directly or not; null where nothing of it has started.</summary>
    public DateTimeOffset? StartedAfter { get; set; }

    /// <summary>Whether its work is done. The cluster stage's is only while the cluster is on the new version.</summary>
    public bool IsDone { get; set; }

    /// <summary>Run time of the latest run.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>From when it could have started to its first start, or to the observation while it is next up or queued.</summary>
    public TimeSpan? Wait { get; set; }

    /// <summary>When the tasks that it depends on were done; of a first task, the workflow's creation. Null when that is unknown.</summary>
    public DateTimeOffset? CouldStartAt { get; set; }

    /// <summary>Why upstream's clock or ours must be wrong about this task; null when nothing says so.</summary>
    public string? Skew { get; set; }

    public UpgradeTaskType Type => Task.Type;

    public UpgradeTaskStatus Status => Task.Status;

    public bool Required => Node.Required;

    /// <summary>Whether it keeps what depends on it from starting.</summary>
    public bool IsSettled => IsDone || IsPassedOver;

    /// <summary>Whether one of its runs has started: queued is not started.</summary>
    public bool HasStarted => !IsOutdated && Runs.Exists(static run => run.HasStarted);

    /// <summary>Whether it waits for a start: never begun, and of a status that we know.</summary>
    public bool AwaitsStart => !Task.HasRun();

    /// <summary>Start of the present run: the run still knows one that the point has lost.</summary>
    public DateTimeOffset? RunStart => Current is null ? Task.StartedAt : Current.StartedAt;

    /// <summary>First observation of the present status; null before the task was started.</summary>
    public DateTimeOffset? StatusSince => Current?.StatusSince;

    /// <summary>End of the latest run when it has ended: an end beside an open status is an earlier run's.</summary>
    public DateTimeOffset? EndedAt => Status.IsOpen() ? null : Task.EndedAt;

    /// <summary>The first start of any attempt that counts.</summary>
    public DateTimeOffset? FirstStart
    {
        get
        {
            var first = Task.StartedAt;
            foreach (var run in Runs)
            {
                first = IsOutdated ? first : Instants.Earlier(first, run.StartedAt);
            }

            return first;
        }
    }

    /// <summary>Where the latest of its runs that have started stands; null where none has.</summary>
    public DateTimeOffset? LastStart
    {
        get
        {
            DateTimeOffset? last = null;
            foreach (var run in Runs)
            {
                last = !IsOutdated && run.HasStarted ? Instants.Later(last, run.Instant) : last;
            }

            return last;
        }
    }

    /// <summary>When an attempt ended, as far as was seen; for one that was replaced unseen, the last observation that showed it.</summary>
    public static DateTimeOffset? EndOf(TaskAttempt run) =>
        (run.Status.IsOpen() ? null : run.EndedAt) ?? (run.Superseded ? run.LastSeenAt : null);

    /// <summary>
    /// How long a run took, or has taken by <paramref name="asOf"/>; null when it is unknown or the clocks contradict each other.
    /// </summary>
    public static TimeSpan? DurationOf(TaskAttempt run, DateTimeOffset asOf) => Between(run.StartedAt, EndOf(run), run.Status, asOf);

    /// <summary>
    /// How long the task's run takes by the times that the state itself shows: the run may still know one that the state has lost.
    /// </summary>
    public static TimeSpan? DurationOf(UpgradeTask task, DateTimeOffset asOf) =>
        Between(task.StartedAt, task.Status.IsOpen() ? null : task.EndedAt, task.Status, asOf);

    private static TimeSpan? Between(DateTimeOffset? startedAt, DateTimeOffset? endedAt, UpgradeTaskStatus status, DateTimeOffset asOf) =>
        Clocks.Length(startedAt, endedAt ?? (status.IsOpen() ? asOf : null));
}
