namespace Autopilot.Core.Workflows;

/// <summary>
/// The tasks of a state in execution order, with their dependencies. Building it never throws and never loops, whatever the lines say.
/// </summary>
internal sealed class TaskGraph
{
    private readonly List<TaskNode> _tasks;
    private List<TaskDependency> _lines = [];
    private List<TaskDependency>? _ignored;
    private int _mark;

    private TaskGraph(int capacity) => _tasks = new(capacity);

    /// <summary>In execution order: topological, ties by the usual order.</summary>
    public List<TaskNode> Tasks => _tasks;

    /// <summary>Lines that were left out: to itself, or closing a cycle with those before it. In the usual order.</summary>
    public IReadOnlyList<TaskDependency> Ignored => _ignored ?? [];

    /// <summary>The graph of a state.</summary>
    /// <param name="state">A state, with what it misses.</param>
    /// <param name="runs">The attempts so far: a task that has one stays a task, even where the row was written before missing tasks were
    /// remembered.</param>
    public static TaskGraph Of(UpgradeWorkflow state, IReadOnlyList<TaskAttempt>? runs = null)
    {
        var graph = new TaskGraph(state.Tasks.Count);
        graph.AddShown(state.Tasks);
        graph.AddMissing(state.Missing ?? []);
        graph.AddMissing(runs ?? []);
        var current = graph.CurrentLines(state);
        var lines = WithRemembered(current, state.Missing);
        graph.AddNamed(lines);
        graph.MarkRequired(current, state.Missing ?? []);
        graph.AddLines(lines);
        return graph;
    }

    /// <summary>The task of a type, or null.</summary>
    public TaskNode? Find(UpgradeTaskType type)
    {
        foreach (var node in _tasks)
        {
            if (node.Type == type)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Without any line every upgrade has these, each after the one before it.</summary>
    private static readonly TaskDependency[] UsualLines =
    [
        new(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster),
        new(UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck),
    ];

    /// <summary>A line that names one task only is no line: it is ignored, or it would require a task that does not exist.</summary>
    private IReadOnlyList<TaskDependency> CurrentLines(UpgradeWorkflow state)
    {
        var lines = state.Dependencies;
        if (lines.Any(line => Touches(line, UpgradeTaskType.Untyped)) && Find(UpgradeTaskType.Untyped) is null)
        {
            _ignored = [.. lines.Where(line => Touches(line, UpgradeTaskType.Untyped)).Distinct()];
            lines = [.. lines.Where(line => !Touches(line, UpgradeTaskType.Untyped))];
        }

        return lines.Count == 0 ? UsualLines : lines;
    }

    /// <summary>The lines of a missing task hold while no present line names it.</summary>
    private static IReadOnlyList<TaskDependency> WithRemembered(
        IReadOnlyList<TaskDependency> current,
        IReadOnlyList<MissingTask>? missing
    ) =>
        missing is null
            ? current
            :
            [
                .. current,
                .. missing.Where(task => !current.Any(line => Touches(line, task.Task.Type))).SelectMany(task => task.Dependencies),
            ];

    private static bool Touches(TaskDependency line, UpgradeTaskType type) => line.From == type || line.To == type;

    private void AddShown(IReadOnlyList<UpgradeTask> tasks)
    {
        var points = new List<UpgradeTask>(tasks);
        points.Sort(TaskOrder.Compare);
        for (var i = 0; i < points.Count; i++)
        {
            // Of one type the last counts: the rest are other runs of the same task.
            if (i == points.Count - 1 || points[i + 1].Type != points[i].Type)
            {
                _tasks.Add(new TaskNode(points[i], TaskPresence.Shown));
            }
        }
    }

    private void AddMissing(IReadOnlyList<MissingTask> missing)
    {
        foreach (var task in missing)
        {
            if (Find(task.Task.Type) is null)
            {
                Insert(new TaskNode(task.Task, TaskPresence.Missing));
            }
        }
    }

    private void AddMissing(IReadOnlyList<TaskAttempt> runs)
    {
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            if (Find(runs[i].Type) is null)
            {
                Insert(new TaskNode(runs[i].Point, TaskPresence.Missing));
            }
        }
    }

    private void AddNamed(IReadOnlyList<TaskDependency> lines)
    {
        foreach (var line in lines)
        {
            AddNamed(line.From);
            AddNamed(line.To);
        }
    }

    private void AddNamed(UpgradeTaskType type)
    {
        if (Find(type) is null)
        {
            Insert(new TaskNode(new UpgradeTask { Type = type }, TaskPresence.OnlyNamed));
        }
    }

    /// <summary>Where it stands in the usual order.</summary>
    private void Insert(TaskNode node)
    {
        var at = _tasks.FindIndex(other => TaskOrder.Compare(node.Type, other.Type) < 0);
        _tasks.Insert(at < 0 ? _tasks.Count : at, node);
    }

    private void MarkRequired(IReadOnlyList<TaskDependency> lines, IReadOnlyList<MissingTask> missing)
    {
        foreach (var line in lines)
        {
            Find(line.From)!.Required = true;
            Find(line.To)!.Required = true;
        }

        foreach (var task in missing)
        {
            Find(task.Task.Type)!.Required |= task.Required;
        }

        // A rollback is a branch, whatever the lines say.
        if (Find(UpgradeTaskType.Rollback) is { } rollback)
        {
            rollback.Required = false;
        }
    }

    private void AddLines(IReadOnlyList<TaskDependency> dependencies)
    {
        var lines = new List<TaskDependency>(dependencies.Count);
        // Lines that all go forward in the usual order, as upstream's do, cannot close a cycle and leave that order as it is.
        var forward = true;
        foreach (var line in dependencies)
        {
            if (!Touches(line, UpgradeTaskType.Rollback))
            {
                lines.Add(line);
                forward &= TaskOrder.Compare(line.From, line.To) < 0;
            }
        }

        lines.Sort(
            static (x, y) =>
            {
                var order = TaskOrder.Compare(x.From, y.From);
                return order != 0 ? order : TaskOrder.Compare(x.To, y.To);
            }
        );

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (i > 0 && line.From == lines[i - 1].From && line.To == lines[i - 1].To)
            {
                continue;
            }

            var from = Find(line.From)!;
            var to = Find(line.To)!;
            if (from == to || (!forward && Reaches(to, from)))
            {
                (_ignored ??= []).Add(line);
            }
            else
            {
                to.DependOn(from);
            }
        }

        _lines = lines;
        if (!forward)
        {
            SortTopologically();
        }
    }

    /// <summary>
    /// Whether upstream calls the line between two tasks critical; of several the strictest. Null where it does not say, or there is none.
    /// </summary>
    public bool? IsCritical(UpgradeTaskType from, UpgradeTaskType to)
    {
        bool? critical = null;
        foreach (var line in _lines)
        {
            critical = line.From == from && line.To == to && line.Critical is { } known ? known || critical is true : critical;
        }

        return critical;
    }

    private bool Reaches(TaskNode start, TaskNode goal)
    {
        _mark++;
        var open = new Stack<TaskNode>();
        open.Push(start);
        while (open.TryPop(out var node))
        {
            if (node == goal)
            {
                return true;
            }

            if (node.Mark == _mark)
            {
                continue;
            }

            node.Mark = _mark;
            foreach (var next in node.Dependents)
            {
                open.Push(next);
            }
        }

        return false;
    }

    /// <summary>Of the tasks whose dependencies are placed, the first in the usual order goes next.</summary>
    private void SortTopologically()
    {
        var ready = new PriorityQueue<TaskNode, int>();
        var usual = new Dictionary<TaskNode, int>(_tasks.Count);
        for (var i = 0; i < _tasks.Count; i++)
        {
            usual[_tasks[i]] = i;
            _tasks[i].Mark = _tasks[i].DependsOn.Count;
            if (_tasks[i].Mark == 0)
            {
                ready.Enqueue(_tasks[i], i);
            }
        }

        _tasks.Clear();
        while (ready.TryDequeue(out var node, out _))
        {
            _tasks.Add(node);
            foreach (var next in node.Dependents)
            {
                if (--next.Mark == 0)
                {
                    ready.Enqueue(next, usual[next]);
                }
            }
        }

        var placed = new Dictionary<TaskNode, int>(_tasks.Count);
        for (var i = 0; i < _tasks.Count; i++)
        {
            placed[_tasks[i]] = i;
        }

        foreach (var node in _tasks.Where(node => node.DependsOn.Count > 1))
        {
            node.DependsOn.Sort((x, y) => placed[x].CompareTo(placed[y]));
        }
    }
}
