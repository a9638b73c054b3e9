namespace Autopilot.Core.Workflows;

/// <summary>One task with its runs and figures, as of the observation.</summary>
internal sealed class TaskTimes
{
    /// <summary>The task as the state shows it; of a vanished one, a task that has not started.</summary>
    public required UpgradeTask Task { get; init; }

    /// <summary>Its place in the graph; null once the task has vanished from the state.</summary>
    public TaskNode? Node { get; init; }

    /// <summary>Every attempt, oldest first.</summary>
    public required List<TaskRun> Runs { get; init; }

    /// <summary>The run that the state shows; null before the task was started.</summary>
    public TaskRun? Current { get; init; }

    /// <summary>What upstream says of the present run's failure; null while it has not failed, or nobody has told.</summary>
    public TaskFailure? Failure { get; init; }

    /// <summary>Run time of the latest run.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>From when it could have started to its first start, or to the observation while it is next up.</summary>
    public TimeSpan? Wait { get; set; }

    /// <summary>When the tasks that it depends on were done; of a first task, the workflow's creation. Null when that cannot be told.</summary>
    public DateTimeOffset? CouldStartAt { get; set; }

    /// <summary>Why upstream's clock or ours must be wrong about this task; null when nothing says so.</summary>
    public string? Skew { get; set; }

    public UpgradeTaskType Type => Task.Type;

    public UpgradeTaskStatus Status => Task.Status;

    public bool Required => Node is { Required: true };

    public bool HasRun => Task.HasRun();

    public bool IsDone => Status == UpgradeTaskStatus.Success;

    /// <summary>First observation of the present status; null before the task was started.</summary>
    public DateTimeOffset? StatusSince => Current?.StatusSince;

    /// <summary>End of the latest run when it has ended: an end beside an open status is an earlier run's.</summary>
    public DateTimeOffset? EndedAt => Status.IsOpen() ? null : Task.EndedAt;

    /// <summary>The first start of any attempt.</summary>
    public DateTimeOffset? FirstStart
    {
        get
        {
            var first = Task.StartedAt;
            foreach (var run in Runs)
            {
                first = Moments.Earlier(first, run.StartedAt);
            }

            return first;
        }
    }

    /// <summary>When a run ended, as far as was seen; of a superseded one whose end was not, the last observation that showed it.</summary>
    public static DateTimeOffset? EndOf(TaskRun run) =>
        !run.Superseded ? run.Status.IsOpen() ? null : run.EndedAt : run.EndedAt ?? run.LastSeenAt;

    /// <summary>How long a run took, or has taken by <paramref name="asOf"/>; null when it cannot be told or the clocks contradict each other.</summary>
    public static TimeSpan? DurationOf(TaskRun run, DateTimeOffset asOf) => Between(run.StartedAt, EndOf(run), run.Status, asOf);

    /// <summary>How long the task's run takes by the times that the state itself shows: the run may still know one that the state has lost.</summary>
    public static TimeSpan? DurationOf(UpgradeTask task, DateTimeOffset asOf) => Between(task.StartedAt, task.Status.IsOpen() ? null : task.EndedAt, task.Status, asOf);

    private static TimeSpan? Between(DateTimeOffset? startedAt, DateTimeOffset? endedAt, UpgradeTaskStatus status, DateTimeOffset asOf)
    {
        if (startedAt is not { } start || start > asOf)
        {
            return null;
        }

        var end = endedAt ?? (status.IsOpen() ? asOf : null);
        return end >= start ? end - start : null;
    }
}
