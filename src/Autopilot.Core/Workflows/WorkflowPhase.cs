using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>Phase of a whole workflow, by upstream's names.</summary>
[JsonConverter(typeof(ExtensibleEnumConverter<WorkflowPhase>))]
public readonly record struct WorkflowPhase(string Value) : IExtensibleEnum<WorkflowPhase>
{
    /// <summary>No task has started yet.</summary>
    public static WorkflowPhase Init { get; } = new("Init");

    /// <summary>Some task has been started; also between stages, while nothing executes.</summary>
    public static WorkflowPhase Running { get; } = new("Running");

    /// <summary>A task failed: upstream waits for a retry or a cancel. Not terminal.</summary>
    public static WorkflowPhase Pending { get; } = new("Pending");

    /// <summary>Every task is done. Terminal.</summary>
    public static WorkflowPhase Success { get; } = new("Success");

    /// <summary>Cancelled by a person. Terminal.</summary>
    public static WorkflowPhase Cancel { get; } = new("Cancel");

    // Null for the empty string, so that "default" and an empty value are equal.
    private readonly string? _value = string.IsNullOrEmpty(Value) ? null : Value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public bool IsKnown => Value is "Init" or "Running" or "Pending" or "Success" or "Cancel";

    /// <summary>Whether upstream changes nothing any more: <see cref="Success"/> or <see cref="Cancel"/>.</summary>
    public bool IsTerminal => Value is "Success" or "Cancel";

    /// <inheritdoc/>
    public static WorkflowPhase From(string value) => new(value);

    /// <summary>The value as upstream wrote it.</summary>
    public override string ToString() => Value;
}
