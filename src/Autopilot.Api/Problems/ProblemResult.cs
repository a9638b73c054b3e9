using System.Diagnostics;
using System.Globalization;
using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Problems;

/// <summary>Writes a problem as RFC 9457 says, with <c>code</c> and <c>traceId</c>.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    /// <summary>Content type of every error.</summary>
    public const string ContentType = "application/problem+json";

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.Set(response.Headers);
        if (problem.RetryAfter is { } retryAfter)
            response.Headers[HeaderNames.RetryAfter] = Seconds.WholeAtLeastOne(retryAfter).ToString(CultureInfo.InvariantCulture);
        var body = new ProblemBody
        {
            Title = problem.Title,
            Status = problem.Status,
            Detail = problem.Detail,
            Code = problem.Code,
            TraceId = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier,
            UpstreamCode = problem.UpstreamCode,
            UpstreamRequestId = problem.UpstreamRequestId,
            Codes = problem.Findings?.Select(finding => finding.Code).ToList(),
            Findings = problem.Findings,
        };
        return JsonBody.WriteAsync(httpContext, ContentType, JsonBody.Serialize(body, ApiJson.Default.ProblemBody));
    }

}

/// <summary>The members of a problem on the wire, in their order.</summary>
internal sealed record ProblemBody
{
    public required string Title { get; init; }
    public required int Status { get; init; }
    public string? Detail { get; init; }
    public required string Code { get; init; }
    public required string TraceId { get; init; }
    public string? UpstreamCode { get; init; }
    public string? UpstreamRequestId { get; init; }
    public IReadOnlyList<string>? Codes { get; init; }
    public IReadOnlyList<Health.Finding>? Findings { get; init; }
}
