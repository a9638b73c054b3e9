using System.Diagnostics;
using System.Diagnostics.Metrics;
using Autopilot.Core.Telemetry;
using Autopilot.Functions.Telemetry;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Autopilot.Functions.Tests;

public sealed class TelemetryTests
{
    /// <summary>Well-formed and not in use; nothing listens there.</summary>
    private const string Somewhere = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:9/";

    [Fact]
    public void Without_a_connection_string_nothing_is_gathered()
    {
        using var host = Host(null, null);

        Assert.Null(host.Services.GetService<MeterProvider>());
        Assert.Null(host.Services.GetService<TracerProvider>());
    }

    [Fact]
    public void With_a_connection_string_the_exporter_gets_it_and_the_identitys_credential()
    {
        using var host = Host(Somewhere, "ClientId=00000000-0000-0000-0000-000000000002;Authorization=AAD");

        var options = host.Services.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue;

        Assert.Equal(Somewhere, options.ConnectionString);
        Assert.IsType<ManagedIdentityCredential>(options.Credential);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData("0", 0)]
    [InlineData("1000", 1000)]
    public void Traces_are_bounded_by_their_setting_and_logs_by_none(string? setting, double limit)
    {
        using var host = Host(Somewhere, null, settings: new() { ["Telemetry:TracesPerSecond"] = setting });
        Assert.NotNull(host.Services.GetService<TracerProvider>());
        using var source = new ActivitySource(Instrumentation.Name);

        var clock = Stopwatch.StartNew();
        var sampled = 0;
        for (var number = 0; number < 3000; number++)
        {
            var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
            using var span = source.StartActivity("test", ActivityKind.Internal, caller);
            Assert.Equal(caller.TraceId, span!.TraceId);
            sampled += span.Recorded ? 1 : 0;
        }

        Assert.InRange(sampled, limit, limit * (1 + clock.Elapsed.TotalSeconds));
        Assert.False(
            host.Services.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue.EnableTraceBasedLogsSampler
        );
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1001")]
    [InlineData("many")]
    public void A_bound_of_traces_that_is_none_stops_the_start(string setting)
    {
        using var host = Host(Somewhere, null, settings: new() { ["Telemetry:TracesPerSecond"] = setting });

        var failure = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Telemetry:TracesPerSecond", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", false)]
    [InlineData("5", true)]
    [InlineData("0", true)]
    public async Task Every_log_arrives_whether_its_trace_is_sampled_or_not(string tracesPerSecond, bool sampled)
    {
        await using var ingestion = await StubCollector.StartAsync();
        var connection = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={ingestion.Address}/";
        using var host = Host(
            connection,
            null,
            settings: new() { ["Telemetry:TracesPerSecond"] = tracesPerSecond, ["Functions:Worker:HostEndpoint"] = "http://127.0.0.1:9" }
        );
        // The exporter's own service makes it; the worker's would look for its host.
        foreach (
            var service in host
                .Services.GetServices<IHostedService>()
                .Where(service => service.GetType().Assembly == typeof(AzureMonitorExporterOptions).Assembly)
        )
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }

        using var source = new ActivitySource(Instrumentation.Name);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Autopilot.Test");
        for (var number = 0; number < 80; number++)
        {
            var parent = new ActivityContext(
                ActivityTraceId.CreateRandom(),
                ActivitySpanId.CreateRandom(),
                sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None
            );
            using var span = source.StartActivity("test", ActivityKind.Internal, parent);
            logger.Log(LogLevel.Error, default, $"Error {number} of this test", null, static (text, _) => text);
        }

        host.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000);

        var received = ingestion.Received("/v2.1/track");
        Assert.All(Enumerable.Range(0, 80), number => Assert.Contains($"Error {number} of this test", received, StringComparison.Ordinal));
    }

    [Fact]
    public void Our_meters_and_our_spans_are_gathered()
    {
        var exporter = new InMemory();
        using var reader = new BaseExportingMetricReader(exporter);
        using var host = Host(Somewhere, null, services => services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddReader(reader)));
        Assert.NotNull(host.Services.GetService<MeterProvider>());
        Assert.NotNull(host.Services.GetService<TracerProvider>());
        using var ours = new Meter(Instrumentation.Name);
        using var others = new Meter("Somebody.Else");

        ours.CreateCounter<long>("ours").Add(1);
        others.CreateCounter<long>("theirs").Add(1);
        reader.Collect();

        Assert.Contains("ours", exporter.Names);
        Assert.DoesNotContain("theirs", exporter.Names);
    }

    [Theory]
    // It logs whole request lines, and with them a key given as ?code=.
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning, true)]
    [InlineData("System.Net.Http.HttpClient.cce.LogicalHandler", LogLevel.Information, false)]
    [InlineData("Azure.Identity", LogLevel.Information, false)]
    [InlineData("Autopilot.Core.Tracking.PollCycle", LogLevel.Information, true)]
    public void Libraries_are_quiet_whatever_the_settings_say_of_request_lines(string category, LogLevel level, bool reported)
    {
        using var host = Host(
            null,
            null,
            services => services.AddFakeLogging(),
            new() { ["Logging:LogLevel:Microsoft.AspNetCore.Hosting"] = "Trace" }
        );

        Assert.Equal(reported, host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }

    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("ClientId=abc;Authorization=AAD")]
    [InlineData(" authorization = aad ; ClientId = abc ; ")]
    public void Entra_is_used_where_it_is_asked_for(string authentication) =>
        Assert.IsType<ManagedIdentityCredential>(TelemetryServices.Credential(authentication));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ClientId=abc")]
    [InlineData("Authorization")]
    [InlineData("Authorization=Key")]
    public void The_key_of_the_connection_string_is_used_otherwise(string? authentication) =>
        Assert.Null(TelemetryServices.Credential(authentication));

    [Fact]
    public void The_worker_sends_its_own_telemetry_and_the_host_does_not_repeat_it()
    {
        using var host = Host(Somewhere, null);

        Assert.Contains("WorkerOpenTelemetryEnabled", host.Services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    private static IHost Host(
        string? connectionString,
        string? authentication,
        Action<IServiceCollection>? configure = null,
        Dictionary<string, string?>? settings = null
    )
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder
            .Configuration.AddInMemoryCollection(HostSettings.Enough)
            .AddInMemoryCollection(settings ?? [])
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    [TelemetryServices.ConnectionString] = connectionString,
                    [TelemetryServices.Authentication] = authentication,
                }
            );
        builder.AddAutopilot();
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class InMemory : BaseExporter<Metric>
    {
        public List<string> Names { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                Names.Add(metric.Name);
            }

            return ExportResult.Success;
        }
    }
}
