using System.Diagnostics;
using System.Globalization;
using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Problems;

/// <summary>Writes a problem as RFC 9457 says, with <c>code</c> and <c>traceId</c>.</summary>
internal sealed partial class ProblemResult(Problem problem) : IResult
{
    /// <summary>Content type of every error.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Whether the log has the trace id already, with more than the problem says.</summary>
    public bool Logged { get; init; }

    /// <summary>
    /// The id under which the log has the request: of the trace where there is one, else the server's own of the request.
    /// </summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.Set(response.Headers);
        if (problem.RetryAfter is { } retryAfter)
        {
            response.Headers[HeaderNames.RetryAfter] = Seconds.WholeAtLeastOne(retryAfter).ToString(CultureInfo.InvariantCulture);
        }

        var traceId = TraceIdOf(httpContext);
        if (!Logged)
        {
            var logger = httpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Autopilot.Api.Problems");
            LogResponded(logger, httpContext.Request.Method, RouteOf(httpContext), problem.Status, problem.Code, traceId);
        }

        var body = new ProblemBody
        {
            Title = problem.Title,
            Status = problem.Status,
            Detail = problem.Detail,
            Code = problem.Code,
            TraceId = traceId,
            UpstreamCode = problem.UpstreamCode,
            UpstreamRequestId = problem.UpstreamRequestId,
            Row = problem.Row,
            Candidates = problem.Candidates,
            Codes = problem.Findings?.Select(finding => finding.Code).ToList(),
            Findings = problem.Findings,
        };
        return JsonBody.WriteAsync(httpContext, ContentType, JsonBody.Serialize(body, ApiJson.Default.ProblemBody));
    }

    /// <summary>The pattern and not the path, which is the caller's own text; null where no route matched.</summary>
    private static string? RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    [LoggerMessage(
        EventId = 6004,
        EventName = "RequestRefused",
        Level = LogLevel.Information,
        Message = "{Method} {Route} was answered {Status} {Code}, trace {TraceId}"
    )]
    private static partial void LogResponded(ILogger logger, string method, string? route, int status, string code, string traceId);
}
