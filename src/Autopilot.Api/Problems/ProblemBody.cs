namespace Autopilot.Api.Problems;

/// <summary>What went wrong, as in RFC 9457.</summary>
internal sealed record ProblemBody
{
    /// <summary>The same for every problem of this code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong with this request, and what is allowed.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable: branch on this.</summary>
    public required string Code { get; init; }

    /// <summary>For the log.</summary>
    public required string TraceId { get; init; }

    /// <summary>Upstream's own code, when it gave one.</summary>
    public string? UpstreamCode { get; init; }

    /// <summary>Upstream's request id, for its support.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>The stored row that cannot be read.</summary>
    public ProblemRow? Row { get; init; }

    /// <summary>The clusters that have the name that was given; of <c>AmbiguousCluster</c> only.</summary>
    public IReadOnlyList<ClusterCandidate>? Candidates { get; init; }

    /// <summary>Readiness only: the code of everything that is wrong.</summary>
    public IReadOnlyList<string>? Codes { get; init; }

    /// <summary>Readiness only: everything that is wrong.</summary>
    public IReadOnlyList<Health.Finding>? Findings { get; init; }
}
