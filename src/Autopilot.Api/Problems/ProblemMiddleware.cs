using Autopilot.Core.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Problems;

/// <summary>Writes a problem for every exception, and for every error status without a body.</summary>
internal static partial class ProblemMiddleware
{
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(
                new ExceptionHandlerOptions
                {
                    ExceptionHandler = OnExceptionAsync,
                    // We log it ourselves, once, with the route in place of the query string.
                    SuppressDiagnosticsCallback = _ => true,
                }
            )
            .UseStatusCodePages(OnBareStatusAsync);

    private static Task OnExceptionAsync(HttpContext context)
    {
        var feature = context.Features.Get<IExceptionHandlerFeature>()!;
        var problem = ExceptionProblems.Of(
            feature.Error,
            changes: !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        );
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Autopilot.Api.Problems");
        var route = (feature.Endpoint as RouteEndpoint)?.RoutePattern.RawText;
        var traceId = ProblemResult.TraceIdOf(context);
        var logged = true;
        if (problem.Code == ProblemCode.InternalError)
        {
            LogInternalError(logger, context.Request.Method, route, traceId, feature.Error);
        }
        else if (feature.Error is UpstreamException upstream)
        {
            LogUpstreamFailed(
                logger,
                context.Request.Method,
                route,
                upstream.Failure,
                upstream.StatusCode,
                upstream.Code,
                upstream.RequestId,
                traceId
            );
        }
        else if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            LogUnavailable(logger, context.Request.Method, route, problem.Code, traceId);
        }
        else
        {
            logged = false;
        }

        return new ProblemResult(problem) { Logged = logged }.ExecuteAsync(context);
    }

    private static Task OnBareStatusAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        var problem = ProblemFactory.OfStatus(context.Response.StatusCode, context.Request.Method, context.Response.Headers.Allow);
        if (context.Features.Get<AccessRejection>() is { } rejection)
        {
            problem = problem with { Detail = rejection.Detail };
        }

        return new ProblemResult(problem).ExecuteAsync(context);
    }

    [LoggerMessage(
        EventId = 6001,
        EventName = "RequestFailed",
        Level = LogLevel.Error,
        Message = "{Method} {Route} failed by a defect, trace {TraceId}"
    )]
    private static partial void LogInternalError(ILogger logger, string method, string? route, string traceId, Exception exception);

    [LoggerMessage(
        EventId = 6002,
        EventName = "RequestMetUpstreamFailure",
        Level = LogLevel.Warning,
        Message = "{Method} {Route} met upstream: {Failure}, status {Status}, code {Code}, request {RequestId}, trace {TraceId}"
    )]
    private static partial void LogUpstreamFailed(
        ILogger logger,
        string method,
        string? route,
        UpstreamFailure failure,
        int? status,
        string? code,
        string? requestId,
        string traceId
    );

    [LoggerMessage(
        EventId = 6003,
        EventName = "RequestMetOutage",
        Level = LogLevel.Warning,
        Message = "{Method} {Route} could not be answered: {Code}, trace {TraceId}"
    )]
    private static partial void LogUnavailable(ILogger logger, string method, string? route, string code, string traceId);
}
