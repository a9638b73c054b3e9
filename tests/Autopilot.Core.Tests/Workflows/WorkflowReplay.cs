using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>Stores states as tracking does, so that a history can be replayed without a store.</summary>
internal static class WorkflowReplay
{
    public static TrackedWorkflow New() =>
        new()
        {
            Target = new WorkflowTarget(
                "77b6a44cba5143ab91d13ab9a8ff44fd",
                "b4b9e60f-8aa2-11ee-af09-0255ac10004f",
                "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1"
            ),
        };

    /// <summary>How far apart polls are, where a history does not say otherwise.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);

    public static TrackedWorkflow Observe(
        TrackedWorkflow row,
        ReadOnlyMemory<byte> document,
        DateTimeOffset at,
        TimeSpan? pollInterval = null
    )
    {
        var observation = WorkflowDocument.Read(document);
        return observation.Hash == row.Hash
            ? RowUpdate.Unchanged(row, observation.State, at, pollInterval ?? PollInterval)
            : Observe(row, observation.State, at, pollInterval) with
            {
                Hash = observation.Hash,
            };
    }

    public static TrackedWorkflow Observe(TrackedWorkflow row, UpgradeWorkflow state, DateTimeOffset at, TimeSpan? pollInterval = null)
    {
        var next = RowUpdate.Next(row, state, at, pollInterval ?? PollInterval) with { Outcome = null, EndedAt = null };
        return next with
        {
            Outcome = WorkflowEnd.OutcomeOf(next),
            EndedAt = state.Phase.IsTerminal ? WorkflowEnd.Of(state, next.Runs, next.PhaseSince ?? at) : null,
        };
    }
}
