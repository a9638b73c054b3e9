using Autopilot.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Api.Requests;

/// <summary>Puts routes into lanes.</summary>
internal static class ConcurrencyRoutes
{
    /// <summary>Each answer of the route takes a place in the lane before its handler runs.</summary>
    public static RouteHandlerBuilder LimitedBy(this RouteHandlerBuilder builder, ConcurrencyGroup lane) =>
        builder.AddEndpointFilter(
            async (invocation, next) =>
                await invocation.HttpContext.AcquirePermitAsync(lane) is { } problem ? new ProblemResult(problem) : await next(invocation)
        );

    /// <summary>Takes a place until the request has ended. Returns a problem where none is free.</summary>
    public static ValueTask<Problem?> AcquirePermitAsync(this HttpContext context, ConcurrencyGroup lane) =>
        context.RequestServices.GetRequiredService<ResponseConcurrencyLimiter>().EnterAsync(lane, context);
}
