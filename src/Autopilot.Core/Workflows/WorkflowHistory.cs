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

/// <summary>One difference between two neighbouring states.</summary>
/// <param name="Task">The task it concerns, or null for the workflow itself.</param>
/// <param name="What">What changed: <c>phase</c>, <c>status</c>, <c>taskId</c>, <c>startedAt</c>, <c>endedAt</c>, <c>expiresAt</c>, <c>targetVersion</c>, <c>fromVersion</c>, <c>dependencies</c>, <c>task</c> (appeared or vanished), <c>other</c> (no name fits, or too many to name: then <paramref name="To"/> says how many).</param>
/// <param name="From">Value before; null where there was none.</param>
/// <param name="To">Value after; null where it vanished.</param>
public sealed record StateChange(UpgradeTaskType? Task, string What, string? From, string? To);

/// <summary>A history entry with the document as upstream sent it.</summary>
public sealed record HistoryState(HistoryEntry Entry, ReadOnlyMemory<byte> Document);
