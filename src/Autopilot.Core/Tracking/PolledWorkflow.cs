using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>One poll of one workflow, after its write.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Stored">The row as this poll stored it; null where it stored none.</param>
/// <param name="Failure">Why it failed, was throttled or refused; null otherwise.</param>
internal sealed record PolledWorkflow(PollOutcome Outcome, TrackedWorkflow? Stored, UpstreamException? Failure);
