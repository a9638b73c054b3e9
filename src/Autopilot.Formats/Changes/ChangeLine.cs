using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Changes;

/// <summary>One observed state, and what differed from the one before.</summary>
/// <param name="Entry">What was observed.</param>
/// <param name="Cluster">The cluster's name, or its id; null where all lines are of one upgrade.</param>
/// <param name="WorkflowId">The upgrade; null where all lines are of one.</param>
public sealed record ChangeLine(HistoryEntry Entry, string? Cluster = null, string? WorkflowId = null);
