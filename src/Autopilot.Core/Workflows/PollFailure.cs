using Autopilot.Core.Upstream;

namespace Autopilot.Core.Workflows;

/// <summary>Why the latest polls of a workflow failed; the last good state is kept beside it.</summary>
/// <param name="Kind">What kind of failure the latest one was.</param>
/// <param name="Code">Upstream's own code, such as <c>CCE.01404001</c>, when it gave one.</param>
/// <param name="Message">What was wrong, as a text without a secret; at most 512 characters.</param>
/// <param name="Since">The first failure in a row.</param>
/// <param name="Count">Failures in a row, 1 or more.</param>
public sealed record PollFailure(UpstreamFailure Kind, string? Code, string Message, DateTimeOffset Since, int Count)
{
    /// <summary>Why upstream refuses; null where it does not, and in rows that were stored before this was kept.</summary>
    public RejectionCause? Cause { get; init; }
}
