using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>A change of one workflow among those of the fleet.</summary>
/// <param name="Workflow">The workflow as it is now.</param>
/// <param name="Entry">What was observed.</param>
public sealed record FleetChange(TrackedWorkflow Workflow, HistoryEntry Entry);
