using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <param name="Status">What was met.</param>
/// <param name="Workflow">The row as it is now.</param>
public sealed record TrackResult(TrackStatus Status, TrackedWorkflow Workflow);
