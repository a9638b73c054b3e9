using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>One observed state without its document.</summary>
/// <param name="Sequence">Its number, from 1 on, without gaps.</param>
/// <param name="ObservedAt">When it was first seen.</param>
/// <param name="Phase">As upstream said it.</param>
/// <param name="Assessment">What it meant then.</param>
/// <param name="Changes">What differs from the state before, never empty.</param>
internal sealed record HistoryItem(
    long Sequence,
    DateTimeOffset ObservedAt,
    WorkflowPhase Phase,
    Assessment Assessment,
    IReadOnlyList<StateChange> Changes
)
{
    public static HistoryItem Of(HistoryEntry entry) => new(entry.Sequence, entry.ObservedAt, entry.Phase, entry.Assessment, entry.Changes);
}
