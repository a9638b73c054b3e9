using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>Status of one task, by upstream's names; <c>NotStarted</c> is ours, for a point that carries none.</summary>
[JsonConverter(typeof(ExtensibleEnumConverter<UpgradeTaskStatus>))]
public readonly record struct UpgradeTaskStatus(string Value) : IExtensibleEnum<UpgradeTaskStatus>
{
    /// <summary>The task has not been started: upstream gives no status.</summary>
    public static UpgradeTaskStatus NotStarted { get; } = new("NotStarted");

    /// <summary>Created, not yet running.</summary>
    public static UpgradeTaskStatus Init { get; } = new("Init");

    /// <summary>Waits for upstream's own resources.</summary>
    public static UpgradeTaskStatus Queuing { get; } = new("Queuing");

    /// <summary>Executes now.</summary>
    public static UpgradeTaskStatus Running { get; } = new("Running");

    /// <summary>Paused. Undocumented for workflow points, seen in upstream's other layers.</summary>
    public static UpgradeTaskStatus Pause { get; } = new("Pause");

    /// <summary>Done.</summary>
    public static UpgradeTaskStatus Success { get; } = new("Success");

    /// <summary>Ended in failure. Not final: a retry may run it again under the same id.</summary>
    public static UpgradeTaskStatus Failed { get; } = new("Failed");

    // Null for the empty string, so that "default" and an empty value are equal.
    private readonly string? _value = string.IsNullOrEmpty(Value) ? null : Value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public bool IsKnown => Value is "NotStarted" or "Init" or "Queuing" or "Running" or "Pause" or "Success" or "Failed";

    /// <inheritdoc/>
    public static UpgradeTaskStatus From(string value) => new(value);

    /// <summary>The value as upstream wrote it.</summary>
    public override string ToString() => Value;
}
