using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Where upgrade workflows are read: upstream's API, or something that speaks like it.</summary>
public interface IUpgradeWorkflowSource
{
    /// <summary>Reads one workflow now.</summary>
    /// <exception cref="UpstreamException">It could not be read; <see cref="UpstreamException.Failure"/> says what that means.</exception>
    Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken);

    /// <summary>Reads every workflow of a cluster that upstream still shows, in no promised order.</summary>
    /// <exception cref="UpstreamException">As for <see cref="ReadAsync"/>.</exception>
    Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken);

    /// <summary>Reads why a task failed, with one attempt of 3 seconds. Only a pre-check and the upgrade of the cluster say why.</summary>
    /// <returns>What upstream says, with no secret in it; null when it does not show the failure yet.</returns>
    /// <exception cref="UpstreamException">As for <see cref="ReadAsync"/>; none of these concerns the workflow itself, nor stops a cycle.</exception>
    Task<FailureReport?> ReadFailureAsync(WorkflowTarget target, UpgradeTaskType type, string taskId, CancellationToken cancellationToken);

    /// <summary>How upstream stands, for health and for the cycle's result.</summary>
    UpstreamStatus Status { get; }
}

/// <summary>How upstream has answered lately.</summary>
/// <param name="RefusedSince">Since when it refuses our credentials or our endpoint; null when it does not.</param>
/// <param name="RefusalMessage">Why, in words that carry no secret.</param>
/// <param name="Throttle">The window that the gateway named, while the client keeps to it.</param>
public sealed record UpstreamStatus(DateTimeOffset? RefusedSince, string? RefusalMessage, ThrottleWindow? Throttle);

/// <summary>A limit that the gateway named: at most <paramref name="Limit"/> requests in <paramref name="Window"/>.</summary>
public sealed record ThrottleWindow(int Limit, TimeSpan Window);

/// <summary>What a failed read means for the one who asked.</summary>
public enum UpstreamFailure
{
    /// <summary>404 from CCE itself: it does not know this workflow.</summary>
    NotFound,

    /// <summary>400, 403 and the like: it refuses this one request; others may pass.</summary>
    Denied,

    /// <summary>409, or 429 <c>CCE.01429002</c>: locked by another request for the moment; read it at the next poll.</summary>
    Locked,

    /// <summary>429: too many requests.</summary>
    Throttled,

    /// <summary>5xx, timeout or a cut connection, after every attempt.</summary>
    Unavailable,

    /// <summary>An answer that cannot be read, or is too large.</summary>
    Invalid,

    /// <summary>401: our credentials are refused. Stops the cycle.</summary>
    Rejected,

    /// <summary>404 <c>APIGW.0101</c>: there is no such API; region, endpoint or path prefix is wrong. Stops the cycle, unless only this operation is not offered.</summary>
    Misconfigured,
}

/// <summary>A read that failed. The message carries no secret and says what to do where that is known.</summary>
public sealed class UpstreamException(UpstreamFailure failure, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What it means.</summary>
    public UpstreamFailure Failure { get; } = failure;

    /// <summary>HTTP status, when there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Upstream's code, such as <c>CCE.01404001</c> or <c>APIGW.0301</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Upstream's request id, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>When to try again at the earliest, when known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a timeout (and not an answer or a cut connection) was the cause.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether the gateway does not offer this operation, which is not the one that reads a workflow. It concerns that operation alone.</summary>
    public bool NotOffered { get; init; }

    /// <summary>Whether it concerns everything this process reads, so that a cycle must stop.</summary>
    public bool StopsCycle => Failure is UpstreamFailure.Rejected || (Failure is UpstreamFailure.Misconfigured && !NotOffered);

    /// <summary>Whether it is the workflow's own and so recorded in its row. A limit is the process's and not the workflow's, a refusal that stops the cycle everybody's.</summary>
    public bool IsWorkflowsOwn => !StopsCycle && Failure is not UpstreamFailure.Throttled;
}
