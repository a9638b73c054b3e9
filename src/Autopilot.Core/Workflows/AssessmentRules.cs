namespace Autopilot.Core.Workflows;

/// <summary>What a workflow's state means: the first rule that holds, from the top.</summary>
internal static class AssessmentRules
{
    /// <summary>Of a workflow that was read at least once.</summary>
    public static Assessment Assess(WorkflowAnalysis analysis, Blockage? blockage)
    {
        if (analysis.IsTerminal)
        {
            return analysis.State.Phase == WorkflowPhase.Success ? Assessment.Completed : Assessment.Cancelled;
        }

        if (analysis.IsGone)
        {
            return Assessment.Gone;
        }

        var stalled = blockage is not null && TaskDurationThresholds.StalledSince(analysis, blockage.Task) is not null;
        switch (blockage?.Reason)
        {
            case BlockingReason.RollingBack when !stalled:
                return Assessment.RollingBack;
            case BlockingReason.TaskFailed or BlockingReason.PreCheckExpired or BlockingReason.Paused or BlockingReason.RolledBack:
                return Assessment.Blocked;
        }

        return stalled ? Assessment.Stalled
            : blockage is not null && TaskDurationThresholds.SlowSince(analysis, blockage.Task) is not null ? Assessment.Slow
            : analysis.Tasks.Exists(static task => task.Task.IsRunningOrQueued()) ? Assessment.Progressing
            : analysis.State.Phase == WorkflowPhase.Pending ? Assessment.Blocked
            : !analysis.Tasks.Exists(static task => task.HasStarted) ? Assessment.NotStarted
            : IsUpToAPerson(analysis, blockage) ? Assessment.Waiting
            : Assessment.Unknown;
    }

    /// <summary>A person must start what is next; or the upgrade is done, and upstream has not ended it.</summary>
    private static bool IsUpToAPerson(WorkflowAnalysis analysis, Blockage? blockage) =>
        blockage is null
            ? analysis.Cluster.Is == ClusterIs.New
            : blockage.Reason is BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation;

    /// <summary>Of a workflow that was never read.</summary>
    public static Assessment Unread(TrackedWorkflow row) => WorkflowAnalysis.IsGoneRow(row) ? Assessment.Gone : Assessment.Unknown;
}
