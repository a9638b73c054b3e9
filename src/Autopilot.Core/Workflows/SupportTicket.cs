using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>What a support ticket needs where the advice of a summary is to open one.</summary>
public static class SupportTicket
{
    /// <summary>Whether what is advised about the blocking task is to open a support ticket, perhaps under a condition.</summary>
    public static bool IsAdvised(IReadOnlyList<WorkflowAction>? actions) =>
        actions?.Any(static action => action is { Action: UpgradeAction.ContactSupport, Advised: true }) is true;

    /// <summary>
    /// The tasks whose ids a ticket needs, each with its type: the blocking one and those of insights. Only tasks for which a ticket is
    /// advised and whose id is known.
    /// </summary>
    public static IReadOnlyList<(UpgradeTaskType Type, string TaskId)> TasksOf(WorkflowSummary summary)
    {
        List<(UpgradeTaskType Type, string TaskId)> tasks = [];
        if (summary.BlockingTask is { TaskId: { Length: > 0 } id } blocking && IsAdvised(summary.Actions))
        {
            tasks.Add((blocking.Type, id));
        }

        foreach (var insight in summary.Insights.Where(insight => insight.Actions?.Contains(UpgradeAction.ContactSupport) is true))
        {
            if (summary.Tasks.FirstOrDefault(task => task.Type == insight.Task)?.TaskId is { Length: > 0 } known)
            {
                tasks.Add((insight.Task!.Value, known));
            }
        }

        return [.. tasks.Distinct()];
    }
}
