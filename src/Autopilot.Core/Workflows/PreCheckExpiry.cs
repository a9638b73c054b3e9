namespace Autopilot.Core.Workflows;

/// <summary>A passed pre-check is valid for a while, as a rule an hour, and must be so when the cluster stage is started.</summary>
internal static class PreCheckExpiry
{
    /// <summary>With less than this left, a person should hurry.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(15);

    /// <summary>
    /// When the result of a passed pre-check expires, while the cluster stage is still to be started: neither started nor queued nor passed
    /// over. Null otherwise, and of every other task.
    /// </summary>
    public static DateTimeOffset? UnusedExpiry(WorkflowAnalysis analysis, TaskTimes task) =>
        task is { IsDone: true, Task.ExpiresAt: { } expiry }
        && task.Type == UpgradeTaskType.PreCheck
        && analysis.Find(UpgradeTaskType.Cluster) is { HasStarted: false, IsPassedOver: false } cluster
        && !cluster.Task.IsUnderWay()
            ? expiry
            : null;

    /// <summary>Whether the pre-check must be run again before the cluster stage.</summary>
    public static bool HasExpired(WorkflowAnalysis analysis, TaskTimes task) => UnusedExpiry(analysis, task) <= analysis.AsOf;

    /// <summary>Whether the result of a pre-check that the last read shows was valid then and is not any more.</summary>
    public static bool HasExpiredUnread(TrackedWorkflow row, DateTimeOffset now) =>
        row is { IsFinished: false, State: { } state, ObservedAt: { } read }
        && state.Tasks.Any(task => task.Type == UpgradeTaskType.PreCheck && task.ExpiresAt > read && task.ExpiresAt <= now);

    /// <summary>The first task under way on a path from the pre-check to the cluster stage; null when there is none.</summary>
    public static TaskTimes? UnderWayBetween(WorkflowAnalysis analysis)
    {
        foreach (var task in analysis.Tasks)
        {
            if (
                task.Task.IsUnderWay()
                && DependsOn(task.Node, UpgradeTaskType.PreCheck)
                && analysis.Find(UpgradeTaskType.Cluster) is { } cluster
                && DependsOn(cluster.Node, task.Type)
            )
            {
                return task;
            }
        }

        return null;
    }

    private static bool DependsOn(TaskNode node, UpgradeTaskType type)
    {
        var open = new Stack<TaskNode>(node.DependsOn);
        var seen = new HashSet<TaskNode>(open);
        while (open.TryPop(out var before))
        {
            if (before.Type == type)
            {
                return true;
            }

            foreach (var next in before.DependsOn)
            {
                if (seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }
}
