using Autopilot.Api.OpenApi;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Health;

/// <summary>
/// The routes for health probes and monitoring. They return JSON whatever <c>Accept</c> says, since probes send any value.
/// </summary>
internal static class HealthApi
{
    public static IEndpointRouteBuilder MapHealthApi(this IEndpointRouteBuilder api)
    {
        // Made now and not at the first question: its patience with a fresh deployment begins with the process.
        api.ServiceProvider.GetRequiredService<ReadinessProbe>();
        var health = api.MapGroup("/health").HasOwnDeadline();
        health
            .MapMethods("/live", ReadMethods.All, Live)
            .WithName("GetLiveness")
            .WithSummary("Whether the process answers.")
            .Answers<HealthResponse>("It answers.")
            .Is(RouteTraits.Anonymous | RouteTraits.NeedsNoStorage);
        health
            .MapMethods("/ready", ReadMethods.All, ReadyAsync)
            .WithName("GetReadiness")
            .WithSummary("Whether polling, storage and upstream work.")
            .WithDescription(
                "From what is stored, cached for 10 s, never by calling upstream. Stored rows that cannot be read and webhooks that "
                    + "fail are findings and no reason not to be ready."
            )
            .Answers<HealthResponse>("All of it works.")
            .Is(RouteTraits.Anonymous)
            .Fails(503, ProblemCode.NoCycleYet, ProblemCode.CycleOverdue, ProblemCode.UpstreamRejected);
        return api;
    }

    internal static IResult Live() => new HealthResult(new HealthResponse("Live", ProductVersion.Number, null));

    internal static async Task<IResult> ReadyAsync([FromServices] ReadinessProbe probe, CancellationToken cancellationToken)
    {
        var readiness = await probe.ProbeAsync(cancellationToken);
        if (readiness.Findings.Count == 0)
        {
            return new HealthResult(
                new HealthResponse(
                    "Ready",
                    ProductVersion.Number,
                    readiness.LastCompletedAt,
                    readiness.Warnings.Count == 0 ? null : readiness.Warnings
                )
            );
        }

        return new ProblemResult(
            new Problem(
                StatusCodes.Status503ServiceUnavailable,
                readiness.Findings[0].Code,
                "Not ready",
                string.Join(" ", readiness.Findings.Select(finding => finding.Detail))
            )
            {
                RetryAfter = ReadinessProbe.CacheFor,
                Findings = [.. readiness.Findings, .. readiness.Warnings],
            }
        );
    }
}
