namespace Autopilot.Core.Workflows.Actions;

/// <summary>
/// When a cancel is refused whatever the state: upstream names the phases and the statuses of tasks in which it refuses one (its API's page
/// <c>UpgradeAutopilotWorkFlowUpdate</c>), and its SDK names critical lines.
/// </summary>
internal static class CancelRules
{
    private static readonly ActionRule HasEnded = ActionRule.DocumentedNo("Upstream refuses a cancel once the workflow has ended.");
    private static readonly ActionRule IsRunning = ActionRule.DocumentedNo(
        "Upstream refuses a cancel while the workflow's phase is Running."
    );
    private static readonly ActionRule IsBusy = ActionRule.DocumentedNo(
        "Upstream refuses a cancel while a task is running, queued, starting or paused."
    );
    private static readonly ActionRule MayBeBusy = ActionRule.Unknown(
        "A task is under way in a status that this version does not know, and upstream refuses a cancel while one runs."
    );
    private static readonly ActionRule OtherPhase = ActionRule.Unknown("Nothing is documented about a cancel in this phase.");
    private static readonly ActionRule IsCritical = ActionRule.InferredNo(
        "Upstream's SDK says that a cancel is refused until the workflow's critical lines have been executed."
    );

    /// <summary>What refuses a cancel, or leaves it open; null where the state decides.</summary>
    public static ActionRule? Of(WorkflowAnalysis analysis)
    {
        var phase = analysis.State.Phase;
        return phase.IsTerminal ? HasEnded
            : phase == WorkflowPhase.Running ? IsRunning
            : analysis.Tasks.Exists(static task => task.Task.IsUnderWay() && task.Status.IsKnown) ? IsBusy
            : analysis.Tasks.Exists(static task => task.Task.IsUnderWay()) ? MayBeBusy
            : phase != WorkflowPhase.Init && phase != WorkflowPhase.Pending ? OtherPhase
            : null;
    }

    /// <summary>
    /// <paramref name="rule"/>, unless it would allow a cancel although a critical line has not been executed: a line has, once its end
    /// point has a run. This is the literal one of two readings of the SDK's comment. With caution once the cluster stage has a run, even
    /// one that was seen queued alone.
    /// </summary>
    public static ActionRule Guard(WorkflowAnalysis analysis, ActionRule rule) =>
        rule.Allowed != ActionAllowed.Yes ? rule
        : analysis.Tasks.Exists(task => task.Runs.Count == 0 && IsCriticalEnd(analysis, task)) ? IsCritical
        : analysis.Find(UpgradeTaskType.Cluster) is { Runs.Count: > 0 } ? rule with { Caution = true }
        : rule;

    private static bool IsCriticalEnd(WorkflowAnalysis analysis, TaskTimes task) =>
        task.Node.DependsOn.Exists(before => analysis.Graph.IsCritical(before.Type, task.Type) is true);
}
