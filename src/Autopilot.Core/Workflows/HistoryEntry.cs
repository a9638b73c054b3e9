namespace Autopilot.Core.Workflows;

/// <summary>One observed state in a workflow's history, without its document.</summary>
public sealed record HistoryEntry
{
    /// <summary>1 for the first state, then without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the state was first observed, by our clock.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Phase as upstream said it.</summary>
    public required WorkflowPhase Phase { get; init; }

    /// <summary>What the state meant when it was observed.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>Content hash of the state.</summary>
    public required string Hash { get; init; }

    /// <summary>What differs from the state before; for the first state, what it shows.</summary>
    public IReadOnlyList<StateChange> Changes { get; init; } = [];
}
