namespace Autopilot.Core.Workflows;

/// <summary>A passed pre-check is valid for a while, as a rule an hour, and matters until something that depends on it has started.</summary>
internal static class PreCheckExpiry
{
    /// <summary>With less than this left, somebody should hurry.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(15);

    /// <summary>When the result expires, if it is a passed pre-check's that something still waits to use; else null.</summary>
    public static DateTimeOffset? UnusedExpiry(TaskTimes task) =>
        task is { IsDone: true, Node: { Dependents.Count: > 0 } node, Task.ExpiresAt: { } expiry } && task.Type == UpgradeTaskType.PreCheck
            && !AnyStarted(node.Dependents) && !AnyDependentStarted(node) ? expiry : null;

    private static bool AnyStarted(List<TaskNode> nodes) => nodes.Exists(node => node.Task.HasRun());


    private static bool AnyDependentStarted(TaskNode check)
    {
        var open = new Stack<TaskNode>(check.Dependents);
        var seen = new HashSet<TaskNode>(open);
        while (open.TryPop(out var node))
        {
            if (AnyStarted(node.Dependents))
            {
                return true;
            }

            foreach (var next in node.Dependents)
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
