using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>Stores states as tracking does, so that a history can be replayed without a store.</summary>
internal static class WorkflowReplay
{
    public static TrackedWorkflow New() => new()
    {
        Target = new WorkflowTarget("77b6a44cba5143ab91d13ab9a8ff44fd", "b4b9e60f-8aa2-11ee-af09-0255ac10004f", "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1"),
    };

    public static TrackedWorkflow Observe(TrackedWorkflow row, ReadOnlyMemory<byte> document, DateTimeOffset at)
    {
        var observation = WorkflowDocument.Read(document);
        return observation.Hash == row.Hash ? row with { ObservedAt = at } : Observe(row, observation.State, at) with { Hash = observation.Hash };
    }

    public static TrackedWorkflow Observe(TrackedWorkflow row, UpgradeWorkflow state, DateTimeOffset at)
    {
        var phaseSince = row.State?.Phase == state.Phase ? row.PhaseSince : at;
        var runs = TaskRuns.Observe(row.Runs, state, at, row.ObservedAt);
        return row with
        {
            Sequence = row.Sequence + 1,
            State = state,
            Runs = runs,
            TaskFailures = TaskFailures.Prune(row.TaskFailures, runs),
            PhaseSince = phaseSince,
            LastChangedAt = at,
            ObservedAt = at,
            Outcome = WorkflowEnd.OutcomeOf(state),
            EndedAt = state.Phase.IsTerminal ? WorkflowEnd.Of(state, phaseSince ?? at) : null,
        };
    }
}
