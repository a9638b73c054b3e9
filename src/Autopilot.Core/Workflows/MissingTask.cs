namespace Autopilot.Core.Workflows;

/// <summary>
/// A task that an earlier state showed and the present one does not. It stays a task: an incomplete answer frees nothing and ends nothing.
/// </summary>
/// <param name="Task">The point that was shown last.</param>
/// <param name="Required">Whether it was on the required path.</param>
public sealed record MissingTask(UpgradeTask Task, bool Required)
{
    /// <summary>Most that are remembered per workflow, in the usual order: an upgrade has five tasks.</summary>
    public const int MaxKept = 20;

    /// <summary>The lines that touched it, at most <see cref="MaxKept"/>: they hold while no line of the present state names it.</summary>
    public IReadOnlyList<TaskDependency> Dependencies
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>What <paramref name="state"/> does not show of what was known before it; null when nothing is missing.</summary>
    /// <param name="before">The state before, with what it missed itself; null for the first.</param>
    /// <param name="state">The new state.</param>
    public static IReadOnlyList<MissingTask>? Of(UpgradeWorkflow? before, UpgradeWorkflow state)
    {
        if (before is null || IsShownWhole(before, state))
        {
            return null;
        }

        var missing = TaskGraph
            .Of(before)
            .Tasks.Where(node => node.Presence != TaskPresence.OnlyNamed && !IsShown(state, node.Type))
            .OrderBy(node => node.Type, Comparer<UpgradeTaskType>.Create(TaskOrder.Compare))
            .Take(MaxKept)
            .Select(node => new MissingTask(node.Task, node.Required) { Dependencies = LinesOf(before, node.Type) })
            .ToArray();
        return missing.Length == 0 ? null : missing;
    }

    private static bool IsShownWhole(UpgradeWorkflow before, UpgradeWorkflow state)
    {
        foreach (var task in before.Tasks)
        {
            if (!IsShown(state, task.Type))
            {
                return false;
            }
        }

        return before.Missing is null;
    }

    private static bool IsShown(UpgradeWorkflow state, UpgradeTaskType type)
    {
        foreach (var task in state.Tasks)
        {
            if (task.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    private static TaskDependency[] LinesOf(UpgradeWorkflow before, UpgradeTaskType type)
    {
        var named = before.Dependencies.Where(line => line.From == type || line.To == type).Take(MaxKept).ToArray();
        return named.Length > 0 ? named : [.. before.Missing?.FirstOrDefault(missing => missing.Task.Type == type)?.Dependencies ?? []];
    }
}
