using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Every run of an upgrade, and every time in which a task was waited for, was queued or blocked, in order of their start. These are the
/// times that the summary's split counts.
/// </summary>
public sealed record UpgradeTimeline
{
    /// <summary>Id of the upgrade workflow.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>The cluster's name; null while none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Version upgraded from; null where it is unknown.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to; null where it is unknown.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>How it stands, as in the summary; null before the first read.</summary>
    public Assessment? Assessment { get; init; }

    /// <summary>The summary's sentence; null before the first read.</summary>
    public string? Headline { get; init; }

    /// <summary>Creation, or the earliest start where that is earlier or creation is unknown; null before the first read.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end, or the last observation while it is active; null before the first read.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The tasks in the order in which they are done, those that have not run included; null before the first read.</summary>
    public IReadOnlyList<TimelineTask>? Tasks { get; init; }

    /// <summary>The rows in order of their start, of equals in the order of the tasks; empty before the first read.</summary>
    public IReadOnlyList<TimelineRow> Rows { get; init; } = [];

    /// <summary>The timeline of a stored row; without rows before the first read.</summary>
    /// <param name="workflow">The stored row.</param>
    /// <param name="baseline">What is normal: <see cref="Assessment"/> and <see cref="Headline"/> depend on it.</param>
    /// <param name="expiredUnread">As <see cref="Freshness.ExpiredUnread"/>: <see cref="Headline"/> depends on it.</param>
    public static UpgradeTimeline Of(TrackedWorkflow workflow, Baseline baseline, bool expiredUnread = false)
    {
        if (WorkflowAnalysis.Of(workflow, baseline) is not { } analysis)
        {
            return new UpgradeTimeline { WorkflowId = workflow.Target.WorkflowId, ClusterName = workflow.ClusterName };
        }

        var blockage = BlockingTaskFinder.Find(analysis);
        var assessment = AssessmentRules.Assess(analysis, blockage);
        var to = analysis.EndedAt ?? analysis.AsOf;
        var from = Instants.Earlier(analysis.State.CreatedAt, analysis.StartedAt) ?? to;
        var courses = TimeSegments.CoursesOf(analysis);
        // Before the creation nothing waits.
        var segments = TimeSegments.Between(analysis, courses, analysis.State.CreatedAt ?? from, to);
        return new UpgradeTimeline
        {
            WorkflowId = workflow.Target.WorkflowId,
            ClusterName = workflow.ClusterName,
            FromVersion = analysis.State.FromVersion,
            TargetVersion = analysis.State.TargetVersion,
            Assessment = assessment,
            Headline = ForeignText.OneLine(
                Workflows.Headline.Of(
                    analysis,
                    assessment,
                    blockage,
                    RemainingWork.Of(analysis, blockage),
                    Remediation.For(analysis, ActionPlan.Of(analysis, expiredUnread), assessment, blockage)
                )
            ),
            From = from,
            To = to,
            EndedAt = analysis.EndedAt,
            Tasks = [.. analysis.Tasks.Select(task => Of(task, analysis, segments))],
            Rows = TimelineRows.Of(analysis, courses, segments, analysis.State.CreatedAt ?? from, to),
        };
    }

    private static TimelineTask Of(TaskTimes task, WorkflowAnalysis analysis, IReadOnlyList<TimeSegment> segments) =>
        new(task.Type, task.Status, task.Required, analysis.IsTerminal ? null : PreCheckExpiry.UnusedExpiry(analysis, task))
        {
            Time = TimeSplit.Of(segments, task.Type),
        };
}
