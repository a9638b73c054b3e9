using Autopilot.Api.OpenApi;
using Autopilot.Api.Problems;
using Autopilot.Api.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Mcp;

/// <summary>
/// The Model Context Protocol at <c>POST /api/mcp</c>: streamable HTTP without sessions, so that any process answers any request.
/// </summary>
internal static class McpEndpoint
{
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        // The SDK logs every request, which the host logs already, and each mistake of a client with a stack trace. MessageFilter logs
        // those in one line.
        services.AddLogging(logging =>
            logging.AddFilter("ModelContextProtocol", LogLevel.Error).AddFilter("ModelContextProtocol.Server.McpServer", LogLevel.None)
        );
        services.TryAddSingleton<McpTransport>();
        return services;
    }

    public static IEndpointRouteBuilder MapMcpApi(this IEndpointRouteBuilder api)
    {
        api.MapPost("/mcp", RespondAsync)
            .ChecksMessages()
            .WithName("CallMcp")
            .HasOwnDeadline()
            .WithSummary("The Model Context Protocol for assistants.")
            .WithDescription(
                "Streamable HTTP without sessions: a JSON-RPC message in, a JSON-RPC answer out as an event stream, or as JSON where "
                    + "the parameters are wrong. The tools only read: docs/mcp.md."
            )
            .Fails(StatusCodes.Status415UnsupportedMediaType, ProblemCode.InvalidBody)
            .Answers<IEndpointConventionBuilder, object>(StatusCodes.Status200OK, "The answer, or an error of JSON-RPC.");
        return api;
    }

    private static async Task RespondAsync(HttpContext context)
    {
        if (await context.AcquirePermitAsync(ConcurrencyGroup.Lists) is { } busy)
        {
            await new ProblemResult(busy).ExecuteAsync(context);
        }
        else
        {
            await context.RequestServices.GetRequiredService<McpTransport>().RespondAsync(context);
        }
    }
}
