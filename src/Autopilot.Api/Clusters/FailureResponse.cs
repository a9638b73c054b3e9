using Autopilot.Core.Workflows;

namespace Autopilot.Api.Clusters;

/// <summary>Why the latest scans failed; what earlier ones found is kept.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">Upstream's own code, when it gave one.</param>
/// <param name="Message">What to do, where that is known.</param>
/// <param name="Since">The first failure in a row.</param>
/// <param name="Count">How many in a row.</param>
internal sealed record FailureResponse(string Kind, string? Code, string Message, DateTimeOffset Since, int Count)
{
    public static FailureResponse? Of(PollFailure? failure) =>
        failure is null ? null : new FailureResponse(failure.Kind.ToString(), failure.Code, failure.Message, failure.Since, failure.Count);
}
