namespace Autopilot.Core.Workflows;

/// <summary>When and how a workflow in a terminal phase ended.</summary>
public static class WorkflowEnd
{
    /// <summary>
    /// When it ended. Of <c>Success</c> that is the latest end of a task. It is the first observation of the phase where there is none, and
    /// where a task that was seen running or paused has no end. Of <c>Cancel</c> it is the first observation of the phase.
    /// </summary>
    /// <param name="state">A state in a terminal phase.</param>
    /// <param name="runs">Every attempt seen, that state's included.</param>
    /// <param name="phaseFirstObserved">When that phase was first observed.</param>
    public static DateTimeOffset Of(UpgradeWorkflow state, IReadOnlyList<TaskAttempt> runs, DateTimeOffset phaseFirstObserved)
    {
        if (state.Phase != WorkflowPhase.Success)
        {
            return phaseFirstObserved;
        }

        DateTimeOffset? latest = null;
        foreach (var task in runs.GroupBy(run => run.Type))
        {
            var last = TaskAttempts.Current(runs, task.Key) ?? task.Last();
            if (EndOf(last) is null && task.Any(run => run.SeenRunning || run.Status.IsRunningOrPaused()))
            {
                return phaseFirstObserved;
            }

            latest = Instants.Later(latest, task.Max(EndOf));
        }

        return latest ?? phaseFirstObserved;
    }

    /// <summary>
    /// How it ended. It is <see cref="WorkflowOutcome.RolledBack"/> where a rollback took the cluster back, whatever the phase. Else the
    /// phase decides, but a <c>Success</c> whose cluster is not known to be on the new version is <see cref="WorkflowOutcome.Unclear"/>.
    /// Null while the phase is not terminal.
    /// </summary>
    public static WorkflowOutcome? OutcomeOf(TrackedWorkflow row) =>
        row.State is { Phase: { IsTerminal: true } phase } && WorkflowAnalysis.Of(row, Baseline.Empty) is { Cluster: var cluster }
            ? cluster switch
            {
                { Is: ClusterIs.Old, ByRollback: true } => WorkflowOutcome.RolledBack,
                _ when phase == WorkflowPhase.Cancel => WorkflowOutcome.Cancelled,
                { Is: ClusterIs.New } => WorkflowOutcome.Succeeded,
                _ => WorkflowOutcome.Unclear,
            }
            : null;

    private static DateTimeOffset? EndOf(TaskAttempt run) => run.Status.IsOpen() ? null : run.EndedAt;
}
