namespace Autopilot.Api.Problems;

/// <summary>What went wrong with a request, before it is written: a value that decisions can return.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">One of <see cref="ProblemCode"/>.</param>
/// <param name="Title">The same for every problem of this code.</param>
/// <param name="Detail">What was wrong with this request, and what is allowed.</param>
internal sealed record Problem(int Status, string Code, string Title, string? Detail)
{
    /// <summary>Becomes <c>Retry-After</c>, in whole seconds, at least 1.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Upstream's own code, when it gave one.</summary>
    public string? UpstreamCode { get; init; }

    /// <summary>Upstream's request id, for its support.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>The stored row that cannot be read.</summary>
    public ProblemRow? Row { get; init; }

    /// <summary>The clusters that have the name that was given.</summary>
    public IReadOnlyList<ClusterCandidate>? Candidates { get; init; }

    /// <summary>Readiness only: everything that is wrong, not just the first.</summary>
    public IReadOnlyList<Health.Finding>? Findings { get; init; }
}
