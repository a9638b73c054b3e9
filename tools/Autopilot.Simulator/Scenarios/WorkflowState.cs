using System.Collections.Immutable;

namespace Autopilot.Simulator.Scenarios;

/// <summary>One state of a workflow, from <see cref="At"/> until the next one.</summary>
public sealed record WorkflowState
{
    /// <summary>1 for the state at creation, one more with each change; it stands in <c>metadata.labels["simulator/state"]</c>.</summary>
    public required int Version { get; init; }

    /// <summary>Since when it holds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, in a few words, for people who read a ledger.</summary>
    public required string What { get; init; }

    /// <summary><c>Init</c>, <c>Running</c>, <c>Pending</c>, <c>Success</c> or <c>Cancel</c>.</summary>
    public string Phase { get; init; } = "Init";

    /// <summary>Points in upstream's order, each with the id of its latest task, or null while none was started.</summary>
    public ImmutableArray<(string Type, string? TaskId)> Points { get; init; } =
    [("PreCheck", null), ("Snapshot", null), ("Cluster", null), ("PostCheck", null)];

    /// <summary>Every task that was ever started, by id.</summary>
    public ImmutableDictionary<string, TaskState> Tasks { get; init; } = ImmutableDictionary<string, TaskState>.Empty;

    /// <summary>
    /// Not to be trusted, as upstream's is not: set a moment before a task starts, and never by its end.
    /// </summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The latest task of a type, or null.</summary>
    public TaskState? Latest(string type) => Points.FirstOrDefault(point => point.Type == type).TaskId is { } id ? Tasks[id] : null;

    /// <summary>Whether nothing will ever change any more.</summary>
    public bool IsFinal => Phase is "Success" or "Cancel";
}
