using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>A page of changes, newest first; no link on the last one.</summary>
internal sealed record HistoryPage(IReadOnlyList<HistoryItem> Value, string? NextLink);

/// <summary>One observed state on the wire, without its document.</summary>
internal sealed record HistoryItem(long Sequence, DateTimeOffset ObservedAt, WorkflowPhase Phase, Assessment Assessment, IReadOnlyList<StateChange> Changes)
{
    public static HistoryItem Of(HistoryEntry entry) => new(entry.Sequence, entry.ObservedAt, entry.Phase, entry.Assessment, entry.Changes);
}
