namespace Autopilot.Core.Upstream;

/// <summary>A read that failed. The message carries no secret and says what to do where that is known.</summary>
public sealed class UpstreamException(UpstreamFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What it means.</summary>
    public UpstreamFailure Failure { get; } = failure;

    /// <summary>HTTP status, when there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Why upstream refuses, where it does and says so.</summary>
    public RejectionCause? Cause { get; init; }

    /// <summary>Upstream's code, such as <c>CCE.01404001</c> or <c>APIGW.0301</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Upstream's request id, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The limit, in bytes, that the answer exceeded, so that it was not read; null otherwise.</summary>
    public int? AnswerLimit { get; init; }

    /// <summary>When to try again at the earliest, when known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a timeout (and not an answer or a cut connection) was the cause.</summary>
    public bool TimedOut { get; init; }

    /// <summary>
    /// Whether the gateway does not offer this operation, which is not the one that reads a workflow. It concerns that operation alone.
    /// </summary>
    public bool NotOffered { get; init; }

    /// <summary>Whether it concerns everything this process reads, so that a cycle must stop.</summary>
    public bool StopsCycle => Failure is UpstreamFailure.Rejected || (Failure is UpstreamFailure.Misconfigured && !NotOffered);

    /// <summary>
    /// Whether it concerns the workflow alone and so is recorded in its row. A limit concerns the process, and a rejection that stops the
    /// cycle all workflows.
    /// </summary>
    public bool IsWorkflowsOwn => !StopsCycle && Failure is not UpstreamFailure.Throttled;
}
