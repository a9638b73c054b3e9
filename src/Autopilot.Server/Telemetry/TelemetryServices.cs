using System.Runtime.CompilerServices;
using Autopilot.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Autopilot.Server.Telemetry;

/// <summary>Traces and metrics over OTLP, when the standard <c>OTEL_*</c> variables say where to; nothing is gathered otherwise.</summary>
internal static class TelemetryServices
{
    /// <summary>Unless <c>OTEL_SERVICE_NAME</c> says otherwise.</summary>
    public const string ServiceName = "autopilot-functions";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var traces = IsExported(configuration, "TRACES");
        var metrics = IsExported(configuration, "METRICS");
        if (traces || metrics)
            Add(services, traces, metrics);
        return services;
    }

    /// <summary>Apart from the question whether there is to be any: a process without telemetry does not load it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IServiceCollection services, bool traces, bool metrics)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .Clear().AddTelemetrySdk().AddService(ServiceName).AddEnvironmentVariableDetector());
        // Both instrumentations replace the values of a query string, so that a key given as ?code= stays out of every span.
        if (traces)
        {
            telemetry.WithTracing(tracing => tracing
                .AddSource(AutopilotTelemetry.SourceName)
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !context.Request.Path.StartsWithSegments("/api/health"))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
        }
        if (metrics)
        {
            telemetry.WithMetrics(meters => meters
                .AddMeter(AutopilotTelemetry.MeterNames)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddOtlpExporter());
        }
    }

    private static bool IsExported(IConfiguration configuration, string signal) =>
        !"true".Equals(configuration["OTEL_SDK_DISABLED"], StringComparison.OrdinalIgnoreCase)
        && !"none".Equals(configuration[$"OTEL_{signal}_EXPORTER"], StringComparison.OrdinalIgnoreCase)
        && (!string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]));
}
