namespace Autopilot.Core.Workflows;

/// <summary>What a workflow's state means: the first rule that holds, from the top.</summary>
internal static class AssessmentRules
{
    /// <summary>Of a workflow that was read at least once.</summary>
    public static Assessment Assess(WorkflowReading reading, Blockage? blockage)
    {
        if (reading.IsTerminal)
        {
            return reading.State.Phase == WorkflowPhase.Success ? Assessment.Completed : Assessment.Cancelled;
        }

        if (reading.IsGone)
        {
            return Assessment.Gone;
        }

        var stalled = blockage is not null && TaskPace.StalledSince(reading, blockage.Task) is not null;
        switch (blockage?.Reason)
        {
            case BlockingReason.RollingBack when !stalled:
                return Assessment.RollingBack;
            case BlockingReason.TaskFailed or BlockingReason.PreCheckExpired or BlockingReason.Paused or BlockingReason.RolledBack:
                return Assessment.Blocked;
        }

        return stalled ? Assessment.Stalled
            : blockage is not null && TaskPace.SlowSince(reading, blockage.Task) is not null ? Assessment.Slow
            : reading.Tasks.Exists(static task => task.Task.IsRunningOrQueued()) ? Assessment.Progressing
            : reading.State.Phase == WorkflowPhase.Pending ? Assessment.Blocked
            : !reading.Tasks.Exists(static task => task.HasStarted) ? Assessment.NotStarted
            : IsUpToAPerson(reading, blockage) ? Assessment.Waiting
            : Assessment.Unknown;
    }

    /// <summary>A person must start what is next; or the upgrade is done, and upstream has not ended it.</summary>
    private static bool IsUpToAPerson(WorkflowReading reading, Blockage? blockage) =>
        blockage is null ? reading.Cluster.Is == ClusterIs.New : blockage.Reason is BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation;

    /// <summary>Of a workflow that was never read.</summary>
    public static Assessment Unread(TrackedWorkflow row) => WorkflowReading.IsGoneRow(row) ? Assessment.Gone : Assessment.Unknown;
}
