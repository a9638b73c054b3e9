namespace Autopilot.Core.Workflows;

/// <summary>The state of a workflow, as far as notifications depend on it.</summary>
/// <param name="Assessment">What it means; null where a webhook is not notified of assessments.</param>
/// <param name="Phase">As upstream says it; null before the first read.</param>
/// <param name="Task">The blocking task; null when nothing blocks.</param>
/// <param name="Reason">Why it blocks.</param>
public sealed record NotificationState(Assessment? Assessment, WorkflowPhase? Phase, UpgradeTaskType? Task, BlockingReason? Reason)
{
    /// <summary>The state that a row shows.</summary>
    internal static NotificationState Of(TrackedWorkflow workflow, Baseline baseline)
    {
        if (WorkflowAnalysis.Of(workflow, baseline) is not { } analysis)
        {
            return new NotificationState(AssessmentRules.Unread(workflow), null, null, null);
        }

        var blockage = BlockingTaskFinder.Find(analysis);
        return new NotificationState(
            AssessmentRules.Assess(analysis, blockage),
            analysis.State.Phase,
            blockage?.Task.Type,
            blockage?.Reason
        );
    }

    /// <summary>The part of it that a webhook is notified of.</summary>
    internal NotificationState Seen(Transitions on) =>
        new(
            on.HasFlag(Transitions.Assessment) ? Assessment : null,
            on.HasFlag(Transitions.Phase) ? Phase : null,
            on.HasFlag(Transitions.BlockingTask) ? Task : null,
            on.HasFlag(Transitions.BlockingTask) ? Reason : null
        );

    /// <summary>What differs from an earlier state.</summary>
    internal Transitions ChangesFrom(NotificationState from) =>
        (from.Assessment != Assessment ? Transitions.Assessment : 0)
        | (from.Phase != Phase ? Transitions.Phase : 0)
        | (from.Task != Task || from.Reason != Reason ? Transitions.BlockingTask : 0);
}
