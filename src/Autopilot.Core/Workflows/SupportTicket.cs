namespace Autopilot.Core.Workflows;

/// <summary>What a support ticket needs where the advice of a summary is to open one.</summary>
public static class SupportTicket
{
    /// <summary>Whether an advice is to open a support ticket, perhaps under a condition.</summary>
    public static bool IsAdvised(string? remediation) => remediation?.Contains("support ticket", StringComparison.Ordinal) is true;

    /// <summary>
    /// The tasks whose ids a ticket needs, each with its type: the blocking one and those of insights. Only tasks for which a ticket is
    /// advised and whose id is known.
    /// </summary>
    public static IReadOnlyList<(UpgradeTaskType Type, string TaskId)> TasksOf(WorkflowSummary summary)
    {
        List<(UpgradeTaskType Type, string TaskId)> tasks = [];
        if (summary.BlockingTask is { TaskId: { Length: > 0 } id } blocking && IsAdvised(blocking.Remediation))
        {
            tasks.Add((blocking.Type, id));
        }

        foreach (var insight in summary.Insights.Where(insight => IsAdvised(insight.Remediation)))
        {
            if (summary.Tasks.FirstOrDefault(task => task.Type == insight.Task)?.TaskId is { Length: > 0 } known)
            {
                tasks.Add((insight.Task!.Value, known));
            }
        }

        return [.. tasks.Distinct()];
    }
}
