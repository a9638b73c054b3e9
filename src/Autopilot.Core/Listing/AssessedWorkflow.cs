using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>What a list needs to know of a row before it is shown.</summary>
/// <param name="Assessment">What its state means.</param>
/// <param name="Since">How long it has been so: since upstream lost it, since it is blocked where it is, else since its phase.</param>
internal readonly record struct AssessedWorkflow(Assessment Assessment, DateTimeOffset? Since)
{
    public static AssessedWorkflow Of(TrackedWorkflow row, Baseline baseline)
    {
        if (WorkflowAnalysis.Of(row, baseline) is not { } analysis)
        {
            return new(AssessmentRules.Unread(row), row.GoneSince ?? row.TrackedAt);
        }

        var blockage = BlockingTaskFinder.Find(analysis);
        var assessment = AssessmentRules.Assess(analysis, blockage);
        return new(
            assessment,
            (assessment is Assessment.Gone ? row.GoneSince : null)
                ?? blockage?.Since
                ?? row.PhaseSince
                ?? row.LastChangedAt
                ?? row.TrackedAt
        );
    }
}
