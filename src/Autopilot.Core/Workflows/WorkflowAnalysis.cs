namespace Autopilot.Core.Workflows;

/// <summary>
/// Everything that is derived from a stored workflow for its summary, its assessment and its report, as of the last observation.
/// </summary>
internal sealed class WorkflowAnalysis
{
    private static readonly List<TaskAttempt> NoRuns = [];
    private static readonly ClusterVersion Undecided = new(ClusterIs.Unknown, ByRollback: false, Rollback: null);

    private readonly Baseline _baseline;

    /// <summary>
    /// For an analysis of the past, the tasks whose last attempt upstream no longer showed by then; null where there are none.
    /// </summary>
    private readonly HashSet<UpgradeTaskType>? _vanished;

    /// <summary>What is normal.</summary>
    public Baseline Baseline => _baseline;

    private WorkflowAnalysis(TrackedWorkflow row, UpgradeWorkflow state, Baseline baseline)
    {
        _baseline = baseline;
        Row = row;
        State = state;
        AsOf = row.ObservedAt ?? row.LastChangedAt ?? row.TrackedAt;
        Graph = TaskGraph.Of(state, row.Runs);
        Tasks = new(Graph.Tasks.Count);
        Runs = row.Runs;
        Cluster = Undecided;
        IsTerminal = state.Phase.IsTerminal;
    }

    /// <summary>As it was at a time at which nothing was under way, by the courses of its attempts.</summary>
    private WorkflowAnalysis(WorkflowAnalysis now, DateTimeOffset moment, List<AttemptTimeline> courses)
    {
        _baseline = now._baseline;
        Row = now.Row;
        State = now.State;
        AsOf = moment;
        IsPast = true;
        Graph = now.Graph;
        Tasks = new(Graph.Tasks.Count);
        Cluster = Undecided;
        var runs = new List<TaskAttempt>(courses.Count);
        foreach (var course in courses)
        {
            if (course.At(moment) == AttemptStatusAt.Ended)
            {
                runs.Add(course.Ended());
                if (course.HasVanished(moment))
                {
                    (_vanished ??= []).Add(course.Run.Type);
                }
            }
        }

        Runs = runs;
    }

    public TrackedWorkflow Row { get; }

    public UpgradeWorkflow State { get; }

    /// <summary>The observation: every figure is as of this time.</summary>
    public DateTimeOffset AsOf { get; }

    public TaskGraph Graph { get; }

    /// <summary>Every attempt of every task, oldest first.</summary>
    public IReadOnlyList<TaskAttempt> Runs { get; private set; }

    /// <summary>In execution order, those that the state misses included.</summary>
    public List<TaskTimes> Tasks { get; }

    /// <summary>Which version the cluster is on, and whether a rollback came last.</summary>
    public ClusterVersion Cluster { get; private set; }

    /// <summary>Whether upstream changes nothing any more.</summary>
    public bool IsTerminal { get; }

    /// <summary>Whether it is an analysis of the past: then what blocked is known, and not since when.</summary>
    public bool IsPast { get; }

    /// <summary>Whether upstream no longer knows it.</summary>
    public bool IsGone => IsGoneRow(Row);

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The first start of any run that was seen.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    public TimeSpan? Elapsed { get; private set; }

    /// <summary>Length of the union of all run intervals, within <see cref="Elapsed"/>.</summary>
    public TimeSpan Active { get; private set; }

    /// <summary>The analysis of a row; null before the first read.</summary>
    public static WorkflowAnalysis? Of(TrackedWorkflow row, Baseline baseline)
    {
        if (row.State is null)
        {
            return null;
        }

        var analysis = new WorkflowAnalysis(row, row.State, baseline);
        analysis.ReadRuns();
        analysis.ReadTasks();
        analysis.ReadEnd();
        analysis.Cluster = ClusterVersion.Of(analysis);
        analysis.ReadProgress();
        analysis.ReadStatistics();
        analysis.ReadWhole();
        return analysis;
    }

    /// <summary>The analysis of a past time at which nothing was under way: enough of it to find what blocked.</summary>
    internal WorkflowAnalysis At(DateTimeOffset moment, List<AttemptTimeline> courses)
    {
        var past = new WorkflowAnalysis(this, moment, courses);
        past.ReadPastTasks(this);
        past.Cluster = ClusterVersion.Of(past);
        past.ReadProgress();
        return past;
    }

    /// <summary>What is normal for a task of an upgrade to this version; null where there is too little history.</summary>
    public AttemptDurations? NormalTimes(UpgradeTaskType type) => _baseline.Find(type, State.TargetVersion);

    public static bool IsGoneRow(TrackedWorkflow row) => row.GoneSince is not null || row.Outcome == WorkflowOutcome.Gone;

    public TaskTimes? Find(UpgradeTaskType type)
    {
        foreach (var task in Tasks)
        {
            if (task.Type == type)
            {
                return task;
            }
        }

        return null;
    }

    /// <summary>Whether a required task other than <paramref name="task"/> has started after its run.</summary>
    public bool IsOvertaken(TaskTimes task)
    {
        foreach (var other in Tasks)
        {
            if (other.Required && other != task && other.LastStart > task.Current?.Instant)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether everything that <paramref name="task"/> depends on is done or passed over.</summary>
    public bool IsFree(TaskTimes task)
    {
        foreach (var dependency in task.Node.DependsOn)
        {
            if (Find(dependency.Type) is { IsSettled: false })
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>When it could have started: of a task that has run before and waits for another start, by what it depends on now.</summary>
    public DateTimeOffset? CouldStartAgain(TaskTimes task) => task.HasStarted ? CouldStart(task, null) : task.CouldStartAt;

    private void ReadRuns()
    {
        foreach (var node in Graph.Tasks)
        {
            if (node.Task.HasRun() && TaskAttempts.Current(Runs, node.Type) is null)
            {
                // A row whose runs were never kept: the state shows at least the latest.
                Runs = TaskAttempts.Observe(Runs, State, Row.LastChangedAt ?? AsOf);
                return;
            }
        }
    }

    private void ReadTasks()
    {
        var lastUpgrade = LastUpgrade();
        foreach (var node in Graph.Tasks)
        {
            var current = node.Task.HasRun() ? TaskAttempts.Current(Runs, node.Type) : null;
            AddTask(node, WithOwnStart(node.Task, current), current, lastUpgrade, RunsOf(node.Type));
        }
    }

    /// <summary>
    /// The last run of each task that had ended by then shows where it stood. One that upstream stopped to show with no other after it
    /// leaves the run that is shown to this day, or else a bare point.
    /// </summary>
    private void ReadPastTasks(WorkflowAnalysis now)
    {
        var lastUpgrade = LastUpgrade();
        for (var i = 0; i < Graph.Tasks.Count; i++)
        {
            var (node, known) = (Graph.Tasks[i], now.Tasks[i]);
            var runs = RunsOf(node.Type);
            var last =
                _vanished?.Contains(node.Type) == true ? TaskAttempts.Current(runs, node.Type)
                : runs is [.., var run] ? run
                : null;
            var point =
                last is null ? (node.Task.HasRun() ? new UpgradeTask { Type = node.Type } : node.Task)
                : ReferenceEquals(last, known.Current) && last.Status == known.Status ? known.Task
                : last.Point;
            AddTask(node, point, last, lastUpgrade, runs);
        }
    }

    private void AddTask(TaskNode node, UpgradeTask point, TaskAttempt? current, DateTimeOffset? lastUpgrade, List<TaskAttempt> runs)
    {
        var outdated = IsOutdated(point, current, lastUpgrade);
        Tasks.Add(
            new TaskTimes
            {
                Task = outdated ? new UpgradeTask { Type = node.Type } : point,
                Node = node,
                Runs = runs,
                Current = outdated ? null : current,
                Progress = outdated ? null : RunProgresses.CurrentOf(Row.Progress, current, AsOf),
                Failure = point.Status == UpgradeTaskStatus.Failed && !outdated ? TaskFailures.Of(Row.TaskFailures, current) : null,
                IsOutdated = outdated,
            }
        );
    }

    private DateTimeOffset? LastUpgrade()
    {
        DateTimeOffset? last = null;
        for (var i = 0; i < Runs.Count; i++)
        {
            last = Runs[i].Type == UpgradeTaskType.Cluster ? Instants.Later(last, Runs[i].StartedAt) : last;
        }

        return last;
    }

    /// <summary>
    /// Whether a post-check speaks of an earlier upgrade: it ended before the last start of the cluster stage. Its point may still show
    /// that, or be bare by now.
    /// </summary>
    private bool IsOutdated(UpgradeTask point, TaskAttempt? current, DateTimeOffset? lastUpgrade)
    {
        if (point.Type != UpgradeTaskType.PostCheck)
        {
            return false;
        }

        var end =
            point.Status.HasEnded() ? point.EndedAt ?? current?.StatusSince
            : point.HasRun() || RunsOf(point.Type) is not [.., var last] ? null
            : last.Status.HasEnded() ? last.EndedAt ?? last.StatusSince
            : TaskTimes.EndOf(last) ?? last.StatusSince;
        return end < lastUpgrade;
    }

    /// <summary>What the run does not have as its own start, its point carries from the run before.</summary>
    private static UpgradeTask WithOwnStart(UpgradeTask task, TaskAttempt? current) =>
        task.StartedAt is not null && current is { StartedAt: null } ? task with { StartedAt = null } : task;

    private void ReadEnd() =>
        EndedAt = Row.EndedAt ?? (IsTerminal ? WorkflowEnd.Of(State, Runs, Row.PhaseSince ?? Row.LastChangedAt ?? AsOf) : null);

    /// <summary>
    /// Which tasks are done, and which the upgrade has gone past: from the last to the first, as what depends on a task decides.
    /// </summary>
    private void ReadProgress()
    {
        for (var i = Tasks.Count - 1; i >= 0; i--)
        {
            var task = Tasks[i];
            foreach (var dependent in task.Node.Dependents)
            {
                var other = Find(dependent.Type)!;
                task.StartedAfter = Instants.Later(task.StartedAfter, Instants.Later(other.StartedAfter, other.LastStart));
            }

            task.IsDone = task.Status == UpgradeTaskStatus.Success && (task.Type != UpgradeTaskType.Cluster || Cluster.Is == ClusterIs.New);
            task.IsPassedOver = IsPassedOver(task);
        }
    }

    private static bool IsPassedOver(TaskTimes task) =>
        task.Status == UpgradeTaskStatus.Failed
            ? task.Type != UpgradeTaskType.Cluster && task.StartedAfter >= (task.EndedAt ?? task.Current?.Instant)
            : task.StartedAfter is not null && !task.HasStarted && !task.Task.IsUnderWay();

    private void ReadStatistics()
    {
        foreach (var task in Tasks)
        {
            ReadDuration(task);
            ReadWait(task);
        }
    }

    private List<TaskAttempt> RunsOf(UpgradeTaskType type)
    {
        List<TaskAttempt>? runs = null;
        for (var i = 0; i < Runs.Count; i++)
        {
            if (Runs[i].Type == type)
            {
                (runs ??= new(1)).Add(Runs[i]);
            }
        }

        return runs ?? NoRuns;
    }

    private void ReadDuration(TaskTimes task)
    {
        foreach (var run in task.Runs)
        {
            task.Skew =
                Clocks.IsAfter(run.StartedAt, AsOf) ? "starts after the moment of observation"
                : run.Status.IsOpen() ? task.Skew
                : Clocks.IsAfter(run.EndedAt, AsOf) ? "ends after the moment of observation"
                : Clocks.IsAfter(run.StartedAt, run.EndedAt) ? "ends before it starts"
                : task.Skew;
        }

        if (task.Current is not null)
        {
            task.Duration = TaskTimes.DurationOf(task.Task, AsOf);
        }
    }

    /// <summary>A rollback depends on nothing and is never the next step: it has no wait.</summary>
    private void ReadWait(TaskTimes task)
    {
        if (task.Type == UpgradeTaskType.Rollback)
        {
            return;
        }

        task.CouldStartAt = CouldStart(task, task.FirstStart);
        task.Wait =
            task.FirstStart is { } start ? WaitBefore(start, task.CouldStartAt)
            : task.Required && !task.HasStarted && !IsTerminal && (task.Task.IsQueued() || IsNext(task))
                ? Clocks.Length(task.CouldStartAt, AsOf)
            : null;
    }

    private TimeSpan? WaitBefore(DateTimeOffset start, DateTimeOffset? could) =>
        could is null || Clocks.IsAfter(start, AsOf) ? null
        : start > could ? start - could
        : TimeSpan.Zero;

    private bool IsNext(TaskTimes task) => !task.IsSettled && !task.Task.IsUnderWay() && IsFree(task);

    /// <summary>
    /// When a task could have started: the latest end of what it depends on. Of each, the last run that ended by <paramref name="before"/>
    /// counts: a pre-check that was repeated after the upgrade had failed did not hold the upgrade up. In place of a passed-over task that
    /// never ended, what that depends on counts. Of a first task it is the creation. Null when an end is unknown.
    /// </summary>
    private DateTimeOffset? CouldStart(TaskTimes task, DateTimeOffset? before)
    {
        var open = new Stack<TaskNode>();
        HashSet<TaskNode>? passed = null;
        open.Push(task.Node);
        DateTimeOffset? latest = null;
        while (open.TryPop(out var node))
        {
            if (node.DependsOn.Count == 0)
            {
                if (State.CreatedAt is null)
                {
                    return null;
                }

                latest = Instants.Later(latest, State.CreatedAt);
            }

            foreach (var dependency in node.DependsOn)
            {
                var other = Find(dependency.Type)!;
                if (EndBy(other, before) is { } end)
                {
                    latest = Instants.Later(latest, end);
                }
                else if (!other.IsPassedOver || (before is not null && other.Runs.Exists(run => TaskTimes.EndOf(run) is not null)))
                {
                    return null;
                }
                else if ((passed ??= []).Add(dependency))
                {
                    open.Push(dependency);
                }
            }
        }

        return latest;
    }

    /// <summary>
    /// The latest end by a given time; without a time, or without such an end, that of the present attempt. Without a time, for a task that
    /// the upgrade went past, the latest of all.
    /// </summary>
    private static DateTimeOffset? EndBy(TaskTimes task, DateTimeOffset? before)
    {
        DateTimeOffset? latest = null;
        foreach (var run in task.Runs)
        {
            latest =
                TaskTimes.EndOf(run) is { } end && (end <= before || (before is null && task is { IsPassedOver: true, EndedAt: null }))
                    ? Instants.Later(latest, end)
                    : latest;
        }

        return latest ?? task.EndedAt;
    }

    private void ReadWhole()
    {
        foreach (var task in Tasks)
        {
            foreach (var run in task.Runs)
            {
                StartedAt = Instants.Earlier(StartedAt, run.StartedAt);
            }
        }

        var end = EndedAt ?? AsOf;
        Elapsed = Clocks.Length(State.CreatedAt, end);
        Active = Union(Elapsed is null ? DateTimeOffset.MinValue : State.CreatedAt!.Value, end);
    }

    private TimeSpan Union(DateTimeOffset from, DateTimeOffset to)
    {
        var intervals = new List<(long From, long To)>(Runs.Count);
        for (var i = 0; i < Runs.Count; i++)
        {
            var run = Runs[i];
            if (TaskTimes.DurationOf(run, AsOf) is { } duration)
            {
                var start = Math.Max(run.StartedAt!.Value.UtcTicks, from.UtcTicks);
                var end = Math.Min(run.StartedAt.Value.UtcTicks + duration.Ticks, to.UtcTicks);
                if (end > start)
                {
                    intervals.Add((start, end));
                }
            }
        }

        intervals.Sort();
        long total = 0,
            reached = long.MinValue;
        foreach (var (start, end) in intervals)
        {
            if (end > reached)
            {
                total += end - Math.Max(start, reached);
                reached = end;
            }
        }

        return TimeSpan.FromTicks(total);
    }
}
