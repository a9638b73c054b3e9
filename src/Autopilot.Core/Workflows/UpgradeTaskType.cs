using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>What a task of an upgrade workflow does, by upstream's names.</summary>
[JsonConverter(typeof(ExtensibleEnumConverter<UpgradeTaskType>))]
public readonly record struct UpgradeTaskType(string Value) : IExtensibleEnum<UpgradeTaskType>
{
    /// <summary>Checks whether the cluster can be upgraded; its result expires, as a rule after an hour.</summary>
    public static UpgradeTaskType PreCheck { get; } = new("PreCheck");

    /// <summary>Backs the control plane up. Optional.</summary>
    public static UpgradeTaskType Snapshot { get; } = new("Snapshot");

    /// <summary>The upgrade of the control plane itself.</summary>
    public static UpgradeTaskType Cluster { get; } = new("Cluster");

    /// <summary>The customer's confirmation that workloads have recovered.</summary>
    public static UpgradeTaskType PostCheck { get; } = new("PostCheck");

    /// <summary>Takes a failed upgrade back; appears only when there is one.</summary>
    public static UpgradeTaskType Rollback { get; } = new("Rollback");

    /// <summary>Stands in for a type that the document does not give.</summary>
    internal static UpgradeTaskType Untyped { get; } = new("Unknown");

    // Null for the empty string, so that "default" and an empty value are equal.
    private readonly string? _value = string.IsNullOrEmpty(Value) ? null : Value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public bool IsKnown => Value is "PreCheck" or "Snapshot" or "Cluster" or "PostCheck" or "Rollback";

    /// <inheritdoc/>
    public static UpgradeTaskType From(string value) => new(value);

    /// <summary>The value as upstream wrote it.</summary>
    public override string ToString() => Value;
}
