using Autopilot.Api;
using Autopilot.Core.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Access;

/// <summary>Who may call, and from which web pages.</summary>
internal static class KeyServices
{
    /// <summary>What clients of MCP send from a page. The last two came with 2026-07-28.</summary>
    private static readonly string[] McpHeaders = ["mcp-protocol-version", "mcp-session-id", "mcp-method", "mcp-name"];

    /// <summary>W3C Trace Context, which OpenTelemetry adds to the requests of a page.</summary>
    private static readonly string[] TraceHeaders = ["traceparent", "tracestate"];

    public static IServiceCollection AddKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ServerOptions>(configuration, ServerSettings.Read);
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeyRateLimiter>();
        services.AddSingleton<KeyUse>();
        services.AddSingleton<DuePollLimit>();
        services.AddSingleton<ListenGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<ListenGuard>());
        services.AddCors();
        services
            .AddOptions<CorsOptions>()
            .Configure<IOptions<ServerOptions>>(
                (cors, server) =>
                    cors.AddDefaultPolicy(policy =>
                        policy
                            .WithOrigins([.. server.Value.CorsOrigins])
                            .WithMethods("GET", "HEAD", "POST", "PUT", "DELETE")
                            .WithHeaders([
                                ApiKeyMiddleware.Header,
                                "Content-Type",
                                "Accept",
                                "If-None-Match",
                                .. McpHeaders,
                                .. TraceHeaders,
                            ])
                            .WithExposedHeaders(
                                "ETag",
                                "Retry-After",
                                "Location",
                                ProductVersion.Header,
                                "Autopilot-Unreadable",
                                "Autopilot-Other-Clusters"
                            )
                            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
                    )
            );
        return services;
    }

    /// <summary>Adds CORS and the check of keys. A preflight carries no key, so CORS answers it before the check.</summary>
    public static void UseKeys(this IApplicationBuilder app)
    {
        // Without keys no page of another origin reads an answer, whatever is listed.
        if (app.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value.HasKeys)
        {
            app.UseCors();
        }

        app.UseMiddleware<ApiKeyMiddleware>();
    }
}
