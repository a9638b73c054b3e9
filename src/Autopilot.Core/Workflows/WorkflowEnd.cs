namespace Autopilot.Core.Workflows;

/// <summary>When and how a workflow in a terminal phase ended.</summary>
public static class WorkflowEnd
{
    /// <summary>Of <c>Success</c> the latest end of a task, without one the first observation of the phase; of <c>Cancel</c> the first observation of the phase.</summary>
    /// <param name="state">A state in a terminal phase.</param>
    /// <param name="phaseFirstObserved">When that phase was first observed.</param>
    public static DateTimeOffset Of(UpgradeWorkflow state, DateTimeOffset phaseFirstObserved)
    {
        DateTimeOffset? latest = null;
        if (state.Phase == WorkflowPhase.Success)
        {
            foreach (var task in state.Tasks)
            {
                latest = Moments.Later(latest, task.EndedAt);
            }
        }

        return latest ?? phaseFirstObserved;
    }

    /// <summary>How it ended: a cancel after a successful rollback is <see cref="WorkflowOutcome.RolledBack"/>. Null while the phase is not terminal.</summary>
    public static WorkflowOutcome? OutcomeOf(UpgradeWorkflow state)
    {
        if (state.Phase == WorkflowPhase.Success)
        {
            return WorkflowOutcome.Succeeded;
        }

        if (state.Phase != WorkflowPhase.Cancel)
        {
            return null;
        }

        return TaskGraph.Of(state).Find(UpgradeTaskType.Rollback)?.Task.Status == UpgradeTaskStatus.Success ? WorkflowOutcome.RolledBack : WorkflowOutcome.Cancelled;
    }
}
