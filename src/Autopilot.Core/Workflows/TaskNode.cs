namespace Autopilot.Core.Workflows;

/// <summary>One task of the graph: the point that counts for its type, and what it depends on.</summary>
internal sealed class TaskNode(UpgradeTask task, TaskPresence presence)
{
    /// <summary>The point that counts: of two of one type the one that started last; of a missing task the one shown last.</summary>
    public UpgradeTask Task { get; } = task;

    /// <summary>How the task comes to be in the graph.</summary>
    public TaskPresence Presence { get; } = presence;

    /// <summary>What the task does.</summary>
    public UpgradeTaskType Type => Task.Type;

    /// <summary>Whether it lies on the required path. A rollback never does.</summary>
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
