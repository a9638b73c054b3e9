namespace Autopilot.Core.Workflows;

/// <summary>How and when a workflow ended.</summary>
public sealed record WorkflowEnd(WorkflowOutcome Outcome, DateTimeOffset At)
{
    /// <summary>The end of a state whose phase is terminal.</summary>
    public static WorkflowEnd Of(UpgradeWorkflow state, DateTimeOffset phaseFirstObserved) => throw new NotImplementedException();
}
