using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Changes;

/// <summary>One observed state of one workflow.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="ClusterId">Its cluster.</param>
/// <param name="ProjectId">The cluster's project.</param>
/// <param name="ClusterName">The cluster's name; left out where it is not known.</param>
/// <param name="FromVersion">The version that the upgrade begins with.</param>
/// <param name="TargetVersion">The version that it leads to.</param>
/// <param name="Sequence">The state's number in the history of its workflow, from 1 on.</param>
/// <param name="ObservedAt">When it was first seen.</param>
/// <param name="Phase">As upstream said it.</param>
/// <param name="Assessment">What it meant then.</param>
/// <param name="Changes">What differs from the state before, never empty.</param>
internal sealed record FleetChangeItem(
    string WorkflowId,
    string ClusterId,
    string ProjectId,
    string? ClusterName,
    string? FromVersion,
    string? TargetVersion,
    long Sequence,
    DateTimeOffset ObservedAt,
    WorkflowPhase Phase,
    Assessment Assessment,
    IReadOnlyList<StateChange> Changes
)
{
    public static FleetChangeItem Of(FleetChange change) =>
        new(
            change.Workflow.Target.WorkflowId,
            change.Workflow.Target.ClusterId,
            change.Workflow.Target.ProjectId,
            change.Workflow.ClusterName,
            change.Workflow.State?.FromVersion,
            change.Workflow.State?.TargetVersion,
            change.Entry.Sequence,
            change.Entry.ObservedAt,
            change.Entry.Phase,
            change.Entry.Assessment,
            change.Entry.Changes
        );
}
