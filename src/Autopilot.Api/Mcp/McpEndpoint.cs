using Autopilot.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Mcp;

/// <summary>The Model Context Protocol at <c>POST /api/mcp</c>: streamable HTTP without sessions, so that any process answers any request.</summary>
internal static class McpEndpoint
{
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        // The SDK tells of every request; the head has that in its own log already.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.Warning));
        services.TryAddSingleton<McpTransport>();
        return services;
    }

    public static IEndpointRouteBuilder MapMcpApi(this IEndpointRouteBuilder api)
    {
        api.MapPost("/mcp", AnswerAsync).AcceptsWholeTextOnly().WithName("CallMcp").WithSummary("The Model Context Protocol for assistants.")
            .WithDescription("Streamable HTTP without sessions: a JSON-RPC message in, a JSON-RPC answer out as an event stream. The tools only read: docs/mcp.md.")
            .Answers<IEndpointConventionBuilder, object>(StatusCodes.Status200OK, "The answer, or an error of JSON-RPC.");
        return api;
    }

    private static Task AnswerAsync(HttpContext context) => context.RequestServices.GetRequiredService<McpTransport>().AnswerAsync(context);
}
