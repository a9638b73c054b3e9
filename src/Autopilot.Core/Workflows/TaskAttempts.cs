namespace Autopilot.Core.Workflows;

/// <summary>Keeps the attempts of every task, state by state.</summary>
public static class TaskAttempts
{
    /// <summary>Attempts kept per workflow, the newest.</summary>
    public const int MaxKept = 100;

    /// <summary>
    /// The attempts after <paramref name="state"/> was observed at <paramref name="observedAt"/>, given those known before.
    /// </summary>
    /// <param name="known">Oldest first, as this method returned them for the state before.</param>
    /// <param name="state">The new state.</param>
    /// <param name="observedAt">When it was observed.</param>
    /// <param name="previouslyObservedAt">The last successful read of the state before (the row's <c>ObservedAt</c>): until then its runs
    /// were seen as the latest.</param>
    public static IReadOnlyList<TaskAttempt> Observe(
        IReadOnlyList<TaskAttempt> known,
        UpgradeWorkflow state,
        DateTimeOffset observedAt,
        DateTimeOffset? previouslyObservedAt = null
    )
    {
        var runs = new List<TaskAttempt>(known.Count + state.Tasks.Count);
        runs.AddRange(known);
        // By which of the state's points each run is shown: 0 for none, more for a point that counts more.
        var shown = new int[known.Count + state.Tasks.Count];
        var point = 0;

        foreach (var given in InOrder(state.Tasks))
        {
            point++;
            if (!given.HasRun())
            {
                continue;
            }

            var task = WithoutEarlierStart(runs, given);
            var at = Find(runs, shown, task);
            if (at < 0)
            {
                at = runs.Count;
                runs.Add(First(task, observedAt));
            }
            else
            {
                runs[at] = IsRun(runs[at]) ? Next(runs[at], task, observedAt) : First(task, observedAt);
            }

            shown[at] = point;
        }

        Supersede(runs, shown, state, previouslyObservedAt);
        runs.RemoveAll(run => IsEcho(run, runs));
        return runs.Count > MaxKept ? runs[^MaxKept..] : runs;
    }

    /// <summary>The run that a task shows now, or null when it has none.</summary>
    internal static TaskAttempt? Current(IReadOnlyList<TaskAttempt> runs, UpgradeTaskType type)
    {
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            if (runs[i].Type == type && !runs[i].Superseded)
            {
                return runs[i];
            }
        }

        return null;
    }

    /// <summary>By type and, within one type, the earlier first: the array's order decides nothing.</summary>
    private static UpgradeTask[] InOrder(IReadOnlyList<UpgradeTask> tasks)
    {
        var ordered = new UpgradeTask[tasks.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[i] = tasks[i];
        }

        Array.Sort(ordered, TaskOrder.Compare);
        return ordered;
    }

    /// <summary>
    /// A retry under the same id may still carry the start of the run before it, which has ended: that start is not its own.
    /// </summary>
    private static UpgradeTask WithoutEarlierStart(List<TaskAttempt> runs, UpgradeTask task)
    {
        if (
            task.StartedAt is null
            || !task.Status.IsOpen()
            || runs.FindLast(run => run.Type == task.Type && run.TaskId == task.TaskId && !run.Superseded) is not { } current
        )
        {
            return task;
        }

        var isEarlier = current.Status.HasEnded()
            ? current.StartedAt == task.StartedAt
            : current.StartedAt is null
                && runs.Exists(run =>
                    run.Type == task.Type && run.Status.HasEnded() && run.TaskId == task.TaskId && run.StartedAt == task.StartedAt
                );
        return isEarlier ? task with { StartedAt = null } : task;
    }

    /// <summary>
    /// The known run that <paramref name="task"/> shows: the very same id and start at whatever age, else the latest if it can have become
    /// this.
    /// </summary>
    private static int Find(List<TaskAttempt> runs, int[] shown, UpgradeTask task)
    {
        var latest = -1;
        var isFollowed = false;
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            var run = runs[i];
            if (run.Type != task.Type)
            {
                continue;
            }

            // An older answer may come back (a lagging replica upstream), and a point may be there twice: neither is a new attempt.
            if (run.StartedAt == task.StartedAt && run.TaskId == task.TaskId && (task.StartedAt is not null || shown[i] > 0))
            {
                return i;
            }

            // What had not ended, or has no other start, was only not shown for a while, as by a bare point. Only the last run with that id
            // can have been.
            if (shown[i] == 0 && !isFollowed && IsSameOrNone(run.TaskId, task.TaskId))
            {
                isFollowed = true;
                if (
                    (run.StartedAt is null || task.StartedAt is null)
                    && (!run.Status.HasEnded() || (task.StartedAt is null && task.Status.HasEnded()))
                    && (latest < 0 || !CanHaveBecome(runs[latest], task))
                )
                {
                    return i;
                }
            }

            if (latest < 0 && !run.Superseded && shown[i] == 0)
            {
                latest = i;
            }
        }

        return latest >= 0 && CanHaveBecome(runs[latest], task) ? latest : -1;
    }

    /// <summary>A status that we don't know, without id and start, says only that there is something: the run is what follows it.</summary>
    private static bool IsRun(TaskAttempt run) => run.TaskId is not null || run.StartedAt is not null || run.Status.IsKnown;

    private static bool CanHaveBecome(TaskAttempt run, UpgradeTask task)
    {
        // What has ended and is queued, running or paused again is a new run.
        if (!IsSameOrNone(run.TaskId, task.TaskId) || (run.Status.HasEnded() && task.Status.IsOpen()))
        {
            return false;
        }

        return task.StartedAt is not { } start || run.StartedAt is not { } known || start <= known;
    }

    private static bool IsSameOrNone(string? id, string? other) => id is null || other is null || id == other;

    private static TaskAttempt First(UpgradeTask task, DateTimeOffset observedAt) =>
        new()
        {
            Type = task.Type,
            TaskId = task.TaskId,
            Status = task.Status,
            StartedAt = task.StartedAt,
            EndedAt = task.EndedAt,
            ExpiresAt = task.ExpiresAt,
            FirstSeenAt = observedAt,
            StatusSince = observedAt,
            LastSeenAt = observedAt,
            SeenRunning = task.Status.IsRunningOrPaused(),
            Spans = StatusSpan.After(null, task.Status, observedAt),
        };

    private static TaskAttempt Next(TaskAttempt run, UpgradeTask task, DateTimeOffset observedAt) =>
        run with
        {
            TaskId = task.TaskId ?? run.TaskId,
            Status = task.Status,
            StartedAt = task.StartedAt ?? run.StartedAt,
            EndedAt = task.EndedAt ?? (task.Status.HasEnded() && !run.Status.IsOpen() ? run.EndedAt : null),
            ExpiresAt = task.ExpiresAt ?? (task.Status.HasEnded() ? run.ExpiresAt : null),
            StatusSince = run.Status == task.Status ? run.StatusSince : observedAt,
            LastSeenAt = observedAt,
            SeenRunning = run.SeenRunning || run.Status.IsRunningOrPaused() || task.Status.IsRunningOrPaused(),
            Spans = StatusSpan.After(run.Spans, task.Status, observedAt),
            Superseded = false,
            Missing = false,
        };

    /// <summary>
    /// Marks the attempts of each type that are replaced. The attempt that the point which counts shows stays current. So does the last one
    /// of a task that the state does not show. Every other is replaced, and was seen as the latest until the read before.
    /// </summary>
    private static void Supersede(List<TaskAttempt> runs, int[] shown, UpgradeWorkflow state, DateTimeOffset? previouslyObservedAt)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            if (run.Superseded || (shown[i] > 0 && !IsFollowed(runs, shown, i)))
            {
                continue;
            }

            var missing = !state.Tasks.Any(task => task.Type == run.Type);
            runs[i] = run with
            {
                Superseded = !missing,
                Missing = missing,
                LastSeenAt =
                    shown[i] == 0 && !run.Missing && previouslyObservedAt > run.LastSeenAt ? previouslyObservedAt.Value : run.LastSeenAt,
            };
        }
    }

    /// <summary>
    /// Whether the attempt was only shown by a response from before an end that came back for a short time. What it showed was the attempt
    /// that ended, once that is shown again.
    /// </summary>
    private static bool IsEcho(TaskAttempt run, List<TaskAttempt> runs) =>
        run is { Superseded: true, StartedAt: null, SeenRunning: true }
        && run.Status.IsOpen()
        && Current(runs, run.Type) is { } current
        && current.Status.HasEnded()
        && current.TaskId == run.TaskId
        && current.FirstSeenAt < run.FirstSeenAt;

    /// <summary>
    /// Whether a point that counts more shows another attempt of the same type. The graph uses the same rule, so that both are about the
    /// same attempts.
    /// </summary>
    private static bool IsFollowed(List<TaskAttempt> runs, int[] shown, int at)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            if (shown[i] > shown[at] && runs[i].Type == runs[at].Type)
            {
                return true;
            }
        }

        return false;
    }
}
