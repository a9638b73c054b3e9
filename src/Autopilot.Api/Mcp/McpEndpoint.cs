using Autopilot.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Mcp;

/// <summary>The Model Context Protocol at <c>POST /api/mcp</c>: streamable HTTP without sessions, so that any process answers any request.</summary>
internal static class McpEndpoint
{
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        // The SDK tells of every request; the head has that in its own log already.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.Warning));
        // A host brings its own; a bare provider has none, and the SDK asks for it.
        services.TryAddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
        services
            .AddMcpServer(options =>
            {
                options.ServerInfo = new() { Name = "autopilot", Title = "Autopilot upgrades", Version = typeof(McpEndpoint).Assembly.GetName().Version?.ToString(3) ?? "1.0.0" };
                options.ServerInstructions = UpgradeTools.Instructions;
                // Made by the first call and not at the start: their schemas are half of all that a start would compile.
                options.ToolCollection = [.. UpgradeTools.All];
            })
            .WithHttpTransport(options => options.Stateless = true);
        return services;
    }

    public static IEndpointRouteBuilder MapMcpApi(this IEndpointRouteBuilder api)
    {
        api.MapMcp("/mcp").AcceptsWholeTextOnly().WithName("CallMcp").WithSummary("The Model Context Protocol for assistants.")
            .WithDescription("Streamable HTTP without sessions: a JSON-RPC message in, a JSON-RPC answer out as an event stream. The tools only read: docs/mcp.md.")
            .Answers<IEndpointConventionBuilder, object>(StatusCodes.Status200OK, "The answer, or an error of JSON-RPC.");
        return api;
    }
}
