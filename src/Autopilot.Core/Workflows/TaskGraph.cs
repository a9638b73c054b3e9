namespace Autopilot.Core.Workflows;

/// <summary>One task of the graph: the point that counts for its type, and what it depends on.</summary>
internal sealed class TaskNode(UpgradeTask task)
{
    /// <summary>The point that counts: of two of one type the one that started last.</summary>
    public UpgradeTask Task { get; set; } = task;

    /// <summary>What the task does.</summary>
    public UpgradeTaskType Type => Task.Type;

    /// <summary>Whether it lies on some line; with no lines at all every task does.</summary>
    public bool Required { get; set; }

    /// <summary>Tasks that must be done before, in execution order.</summary>
    public List<TaskNode> DependsOn { get; private set; } = None;

    /// <summary>Tasks that wait for this one.</summary>
    public List<TaskNode> Dependents { get; private set; } = None;

    /// <summary>Most nodes lack one of the two lists, so that none has its own before it needs it.</summary>
    private static readonly List<TaskNode> None = [];

    /// <summary>Marks the node during a search; belongs to the graph while it is built.</summary>
    internal int Mark { get; set; }

    /// <summary>Makes this node wait for <paramref name="other"/>.</summary>
    public void DependOn(TaskNode other)
    {
        if (DependsOn == None)
        {
            DependsOn = new(1);
        }

        if (other.Dependents == None)
        {
            other.Dependents = new(1);
        }

        DependsOn.Add(other);
        other.Dependents.Add(this);
    }
}

/// <summary>The tasks of a state in execution order, with their dependencies. Building it never throws and never loops, whatever the lines say.</summary>
internal sealed class TaskGraph
{
    private readonly List<TaskNode> _tasks;
    private List<TaskDependency>? _ignored;
    private int _mark;

    private TaskGraph(int capacity) => _tasks = new(capacity);

    /// <summary>In execution order: topological, ties by the usual order.</summary>
    public List<TaskNode> Tasks => _tasks;

    /// <summary>Lines that were left out: to a type that is missing, to itself, or closing a cycle with those before it. In the usual order.</summary>
    public IReadOnlyList<TaskDependency> Ignored => _ignored ?? [];

    /// <summary>The graph of a state.</summary>
    public static TaskGraph Of(UpgradeWorkflow state)
    {
        var graph = new TaskGraph(state.Tasks.Count);
        graph.AddTasks(state.Tasks);
        if (state.Dependencies.Count == 0)
        {
            graph.Chain();
        }
        else
        {
            graph.AddLines(state.Dependencies);
        }

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

    private void AddTasks(IReadOnlyList<UpgradeTask> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            _tasks.Add(new TaskNode(tasks[i]));
        }

        _tasks.Sort(static (x, y) => TaskOrder.Compare(x.Task, y.Task));

        // Of one type the last counts: the rest are earlier runs of the same task.
        var kept = 0;
        for (var i = 0; i < _tasks.Count; i++)
        {
            if (i == _tasks.Count - 1 || _tasks[i + 1].Type != _tasks[i].Type)
            {
                _tasks[kept++] = _tasks[i];
            }
        }

        _tasks.RemoveRange(kept, _tasks.Count - kept);
    }

    private void Chain()
    {
        for (var i = 0; i < _tasks.Count; i++)
        {
            _tasks[i].Required = true;
            if (i > 0)
            {
                _tasks[i].DependOn(_tasks[i - 1]);
            }
        }
    }

    private void AddLines(IReadOnlyList<TaskDependency> dependencies)
    {
        var lines = new List<TaskDependency>(dependencies);
        lines.Sort((x, y) =>
        {
            var order = TaskOrder.Compare(x.From, y.From);
            return order != 0 ? order : TaskOrder.Compare(x.To, y.To);
        });

        // Lines that all go forward in the usual order, as upstream's do, cannot close a cycle and leave that order as it is.
        var forward = true;
        foreach (var line in lines)
        {
            forward &= TaskOrder.Compare(line.From, line.To) < 0;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (i > 0 && line == lines[i - 1])
            {
                continue;
            }

            var from = Find(line.From);
            var to = Find(line.To);
            _ = from?.Required = true;
            _ = to?.Required = true;
            if (from is null || to is null || from == to || (!forward && Reaches(to, from)))
            {
                (_ignored ??= []).Add(line);
            }
            else
            {
                to.DependOn(from);
            }
        }

        if (!forward)
        {
            SortTopologically();
        }
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
