namespace Autopilot.Core.Workflows;

/// <summary>One answer from upstream about one workflow.</summary>
/// <param name="State">Normalized.</param>
/// <param name="Hash">Lower-case hex SHA-256 of the canonical form.</param>
/// <param name="Document">Valid UTF-8, as it came but for a byte order mark.</param>
public sealed record WorkflowObservation(UpgradeWorkflow State, string Hash, ReadOnlyMemory<byte> Document);
