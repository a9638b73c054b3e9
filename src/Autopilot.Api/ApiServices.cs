using System.Diagnostics;
using Autopilot.Api.Health;
using Autopilot.Api.Mcp;
using Autopilot.Api.Representations;
using Autopilot.Api.Requests;
using Autopilot.Api.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autopilot.Api;

/// <summary>The services behind the HTTP surface.</summary>
public static class ApiServices
{
    /// <summary>
    /// Adds what the endpoints need besides Core and a store: problem details, compression, health, MCP, and
    /// <see cref="AutopilotPipeline"/>. Reads <c>Cce:ProjectId</c>, the project of a <c>PUT</c> that names none.
    /// </summary>
    public static IServiceCollection AddAutopilotApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRouting();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        // A web host brings its own; a bare provider has none, and routing and the exception handler ask for it.
        services.TryAddSingleton(_ => new DiagnosticListener("Microsoft.AspNetCore"));
        services.TryAddSingleton<DiagnosticSource>(provider => provider.GetRequiredService<DiagnosticListener>());
        services.TryAddSingleton(_ => new TrackDefaults(configuration["Cce:ProjectId"]));
        services.TryAddSingleton<ProjectChoice>();
        services.TryAddSingleton<PublicAddress>();
        services.TryAddSingleton<ReadinessProbe>();
        services.TryAddSingleton<SummaryResponseCache>();
        services.TryAddSingleton(WaitLimit.Default);
        services.TryAddSingleton<ResponseConcurrencyLimiter>();
        services.TryAddSingleton<AutopilotPipeline>();
        ResponseCompression.AddTo(services);
        services.AddMcp();
        return services;
    }
}
