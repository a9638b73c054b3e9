using Autopilot.Core.Reporting;

namespace Autopilot.Core.Workflows;

/// <summary>A stored workflow with everything counted that its summary, its assessment and its report tell, as of the last observation.</summary>
internal sealed class WorkflowReading
{
    private static readonly List<TaskRun> NoRuns = [];

    private readonly Baseline _baseline;

    private WorkflowReading(TrackedWorkflow row, UpgradeWorkflow state, Baseline baseline)
    {
        _baseline = baseline;
        Row = row;
        State = state;
        AsOf = row.ObservedAt ?? row.LastChangedAt ?? row.TrackedAt;
        Graph = TaskGraph.Of(state);
        Tasks = new(Graph.Tasks.Count);
        Runs = row.Runs;
    }

    public TrackedWorkflow Row { get; }

    public UpgradeWorkflow State { get; }

    /// <summary>The observation: every figure is as of this moment.</summary>
    public DateTimeOffset AsOf { get; }

    public TaskGraph Graph { get; }

    /// <summary>Every attempt of every task, oldest first.</summary>
    public IReadOnlyList<TaskRun> Runs { get; private set; }

    /// <summary>In execution order; tasks that have vanished from the state keep their runs and stand last.</summary>
    public List<TaskTimes> Tasks { get; }

    /// <summary>Whether upstream changes nothing any more.</summary>
    public bool IsTerminal => State.Phase.IsTerminal;

    /// <summary>Whether upstream no longer knows it.</summary>
    public bool IsGone => IsGoneRow(Row);

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The first start of any run that was seen.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    public TimeSpan? Elapsed { get; private set; }

    /// <summary>Length of the union of all run intervals, within <see cref="Elapsed"/>.</summary>
    public TimeSpan Active { get; private set; }

    /// <summary>The reading of a row; null before the first read.</summary>
    public static WorkflowReading? Of(TrackedWorkflow row, Baseline baseline)
    {
        if (row.State is null)
        {
            return null;
        }

        var reading = new WorkflowReading(row, row.State, baseline);
        reading.ReadRuns();
        reading.ReadTasks();
        reading.ReadWhole();
        return reading;
    }

    /// <summary>What is normal for a task of an upgrade to this version; null where too little history tells.</summary>
    public RunTimes? NormalTimes(UpgradeTaskType type) => _baseline.Find(type, State.TargetVersion);

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

    /// <summary>Whether a required task has started after <paramref name="task"/> did.</summary>
    public bool IsOvertaken(TaskTimes task)
    {
        foreach (var other in Tasks)
        {
            if (other.Required && other != task && other.Task.StartedAt > task.Task.StartedAt)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether everything that <paramref name="task"/> depends on is done.</summary>
    public static bool IsFree(TaskTimes task)
    {
        foreach (var dependency in task.Node!.DependsOn)
        {
            if (dependency.Task.Status != UpgradeTaskStatus.Success)
            {
                return false;
            }
        }

        return true;
    }

    private void ReadRuns()
    {
        foreach (var node in Graph.Tasks)
        {
            if (node.Task.HasRun() && TaskRuns.Current(Runs, node.Type) is null)
            {
                // A row whose runs were never kept: the state shows at least the latest.
                Runs = TaskRuns.Observe(Runs, State, Row.LastChangedAt ?? AsOf);
                return;
            }
        }
    }

    private void ReadTasks()
    {
        foreach (var node in Graph.Tasks)
        {
            var current = node.Task.HasRun() ? TaskRuns.Current(Runs, node.Type) : null;
            var failure = node.Task.Status == UpgradeTaskStatus.Failed ? TaskFailures.Of(Row.TaskFailures, current) : null;
            Tasks.Add(new TaskTimes { Task = node.Task, Node = node, Runs = RunsOf(node.Type), Current = current, Failure = failure });
        }

        for (var i = 0; i < Runs.Count; i++)
        {
            if (Find(Runs[i].Type) is null)
            {
                Tasks.Add(new TaskTimes { Task = new UpgradeTask { Type = Runs[i].Type }, Runs = RunsOf(Runs[i].Type) });
            }
        }

        foreach (var task in Tasks)
        {
            ReadDuration(task);
            if (task.Node is not null)
            {
                ReadWait(task, task.Node);
            }
        }
    }

    private List<TaskRun> RunsOf(UpgradeTaskType type)
    {
        List<TaskRun>? runs = null;
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
            task.Skew = run.StartedAt > AsOf ? "starts after the moment of observation"
                : run.EndedAt < run.StartedAt && !run.Status.IsOpen() ? "ends before it starts"
                : task.Skew;
        }

        if (task.Current is not null)
        {
            task.Duration = TaskTimes.DurationOf(task.Task, AsOf);
        }
    }

    private void ReadWait(TaskTimes task, TaskNode node)
    {
        var firstStart = task.FirstStart;
        task.CouldStartAt = node.DependsOn.Count == 0 ? State.CreatedAt : LatestEnd(node.DependsOn, firstStart);
        if (task.CouldStartAt is not { } could)
        {
            return;
        }

        if (firstStart is { } start)
        {
            task.Wait = start > AsOf ? null : start > could ? start - could : TimeSpan.Zero;
        }
        else if (task.Required && !task.HasRun && !IsTerminal && IsFree(task) && AsOf >= could)
        {
            task.Wait = AsOf - could;
        }
    }

    /// <summary>
    /// The latest end of <paramref name="dependencies"/>, of each the last run that ended before <paramref name="before"/>: a pre-check repeated after the upgrade
    /// has failed did not hold the upgrade up. Null when one has no known end.
    /// </summary>
    private DateTimeOffset? LatestEnd(List<TaskNode> dependencies, DateTimeOffset? before)
    {
        DateTimeOffset? latest = null;
        foreach (var dependency in dependencies)
        {
            var end = dependency.Task.Status.IsOpen() ? null : dependency.Task.EndedAt;
            if (before is not null)
            {
                DateTimeOffset? earlier = null;
                for (var i = 0; i < Runs.Count; i++)
                {
                    var run = Runs[i];
                    if (run.Type == dependency.Type && TaskTimes.EndOf(run) is { } runEnd && runEnd <= before)
                    {
                        earlier = Moments.Later(earlier, runEnd);
                    }
                }

                end = earlier ?? end;
            }

            if (end is null)
            {
                return null;
            }

            latest = Moments.Later(latest, end);
        }

        return latest;
    }

    private void ReadWhole()
    {
        EndedAt = Row.EndedAt ?? (IsTerminal ? WorkflowEnd.Of(State, Row.PhaseSince ?? Row.LastChangedAt ?? AsOf) : null);
        foreach (var task in Tasks)
        {
            StartedAt = Moments.Earlier(StartedAt, task.FirstStart);
        }

        var end = EndedAt ?? AsOf;
        if (State.CreatedAt is { } created && created <= end)
        {
            Elapsed = end - created;
        }

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
        long total = 0, reached = long.MinValue;
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
