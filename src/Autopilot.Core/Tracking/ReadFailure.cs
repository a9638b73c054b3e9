using Autopilot.Core.Upstream;

namespace Autopilot.Core.Tracking;

/// <summary>A read of one workflow that failed for a reason of its own.</summary>
internal sealed record ReadFailure(string WorkflowId, UpstreamException Exception);
