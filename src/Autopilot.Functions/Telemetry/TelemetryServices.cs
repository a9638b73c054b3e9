using System.Runtime.CompilerServices;
using Autopilot.Core.Settings;
using Autopilot.Hosting;
using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Autopilot.Functions.Telemetry;

/// <summary>
/// Traces, metrics and logs to Application Insights, when the platform says where that is; nothing is gathered otherwise.
/// </summary>
internal static class TelemetryServices
{
    /// <summary>Where to; the platform's own host reads it too. Without it there is no telemetry.</summary>
    public const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>
    /// How to prove who we are: <c>Authorization=AAD</c>, and <c>ClientId=…</c> of a user-assigned identity. Without it the key in the
    /// connection string is used.
    /// </summary>
    public const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TelemetryOptions>(configuration, TelemetryOptions.Read);
        if (!string.IsNullOrWhiteSpace(configuration[ConnectionString]))
        {
            Add(services, configuration);
        }

        return services;
    }

    /// <summary>Apart from the question whether there is to be any: a process without telemetry does not load it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOpenTelemetry()
            // With "telemetryMode" in host.json the host leaves the worker's telemetry to the worker, so that nothing is reported twice.
            .UseFunctionsWorkerDefaults()
            // Cycles and requested polls, but not each request of a cycle: a thousand workflows would be forty million spans a month.
            // Metrics cover those.
            .WithTracing(tracing => tracing.AddSource(AutopilotTelemetry.SourceName).AddProcessor(new SpanRedaction()))
            .WithMetrics(metrics => metrics.AddMeter(AutopilotTelemetry.MeterNames))
            .UseAzureMonitorExporter(exporter =>
            {
                exporter.Credential = Credential(configuration[Authentication]);
                // The exporter's default drops a log with its trace: an error in a trace that the caller or the limit has sampled out would
                // be in no log.
                exporter.EnableTraceBasedLogsSampler = false;
            });
        // After the exporter, whose own sampler it replaces.
        services.ConfigureOpenTelemetryTracerProvider(
            (provider, tracing) =>
                tracing.SetSampler(
                    new TraceLimit(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value.TracesPerSecond, TimeProvider.System)
                )
        );
    }

    /// <summary>The identity that the setting names; null when it asks for none.</summary>
    internal static TokenCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(part => part.Length == 2)
            .ToLookup(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (!"AAD".Equals(parts["Authorization"].FirstOrDefault(), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return new ManagedIdentityCredential(
            parts["ClientId"].FirstOrDefault() is { Length: > 0 } id
                ? ManagedIdentityId.FromUserAssignedClientId(id)
                : ManagedIdentityId.SystemAssigned
        );
    }
}
