using System.Runtime.CompilerServices;
using Autopilot.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Autopilot.Server.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, each when the standard <c>OTEL_*</c> variables say where to; nothing is gathered otherwise.
/// </summary>
internal static class TelemetryServices
{
    /// <summary>Unless <c>OTEL_SERVICE_NAME</c> says otherwise.</summary>
    public const string ServiceName = "autopilot-functions";

    /// <summary>The name of the log provider in settings: <c>Logging:OpenTelemetry:LogLevel</c>.</summary>
    private const string LogProvider = "OpenTelemetry";

    /// <exception cref="OptionsValidationException">The headers of an exporter cannot be read.</exception>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (OtlpSignal.Names.Any(name => new OtlpSignal(configuration, name).IsExported))
        {
            Add(services, configuration);
        }

        return services;
    }

    /// <summary>Apart from the question whether there is to be any: a process without telemetry does not load it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IServiceCollection services, IConfiguration configuration)
    {
        string[] wrong = [.. OtlpSignal.Wrong(configuration)];
        if (wrong.Length > 0)
        {
            throw new OptionsValidationException(nameof(OtlpSignal), typeof(OtlpSignal), wrong);
        }

        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddTelemetrySdk().AddService(ServiceName).AddEnvironmentVariableDetector());
        AddTraces(telemetry, new OtlpSignal(configuration, "TRACES"));
        AddMetrics(telemetry, new OtlpSignal(configuration, "METRICS"));
        AddLogs(services, telemetry, new OtlpSignal(configuration, "LOGS"));
    }

    private static void AddTraces(OpenTelemetryBuilder telemetry, OtlpSignal signal)
    {
        if (!signal.IsExported)
        {
            return;
        }

        telemetry.WithTracing(tracing =>
            tracing
                .AddSource(AutopilotTelemetry.SourceName)
                .AddProcessor(new SpanRedaction())
                .AddAspNetCoreInstrumentation(options =>
                    options.Filter = context => !context.Request.Path.StartsWithSegments("/api/health")
                )
                .AddHttpClientInstrumentation()
                .AddOtlpExporter(signal.Apply)
        );
    }

    private static void AddMetrics(OpenTelemetryBuilder telemetry, OtlpSignal signal)
    {
        if (!signal.IsExported)
        {
            return;
        }

        telemetry.WithMetrics(meters =>
            meters
                .AddMeter(AutopilotTelemetry.MeterNames)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddOtlpExporter(signal.Apply)
        );
    }

    private static void AddLogs(IServiceCollection services, OpenTelemetryBuilder telemetry, OtlpSignal signal)
    {
        if (!signal.IsExported)
        {
            return;
        }

        telemetry.WithLogging(logs => logs.AddOtlpExporter(signal.Apply), options => options.IncludeFormattedMessage = true);
        services.AddRequestLineFilters(LogProvider);
    }
}
