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

        switch (blockage?.Reason)
        {
            case BlockingReason.RollingBack:
                return Assessment.RollingBack;
            case BlockingReason.TaskFailed or BlockingReason.PreCheckExpired or BlockingReason.Paused or BlockingReason.RolledBack:
                return Assessment.Blocked;
        }

        bool underWay = false, slow = false, started = reading.Runs.Count > 0;
        foreach (var task in reading.Tasks)
        {
            if (TaskPace.StalledSince(reading, task) is not null)
            {
                return Assessment.Stalled;
            }

            slow |= TaskPace.SlowSince(reading, task) is not null;
            underWay |= task.Task.IsUnderWay();
            started |= task.HasRun;
        }

        return slow ? Assessment.Slow
            : underWay ? Assessment.Progressing
            : reading.State.Phase == WorkflowPhase.Pending ? Assessment.Blocked
            : !started ? Assessment.NotStarted
            : blockage?.Reason is BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation ? Assessment.Waiting
            : Assessment.Unknown;
    }

    /// <summary>Of a workflow that was never read.</summary>
    public static Assessment Unread(TrackedWorkflow row) => WorkflowReading.IsGoneRow(row) ? Assessment.Gone : Assessment.Unknown;
}
