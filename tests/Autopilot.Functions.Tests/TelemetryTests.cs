using System.Diagnostics.Metrics;
using Autopilot.Core.Tracking;
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
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Autopilot.Functions.Tests;

public sealed class TelemetryTests
{
    /// <summary>Well-formed, and nobody's; nothing listens there.</summary>
    private const string Somewhere = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:9/";

    [Fact]
    public void Without_a_connection_string_nothing_is_gathered()
    {
        using var head = Head(null, null);

        Assert.Null(head.Services.GetService<MeterProvider>());
        Assert.Null(head.Services.GetService<TracerProvider>());
    }

    [Fact]
    public void With_a_connection_string_the_exporter_gets_it_and_the_identitys_credential()
    {
        using var head = Head(Somewhere, "ClientId=00000000-0000-0000-0000-000000000002;Authorization=AAD");

        var options = head.Services.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue;

        Assert.Equal(Somewhere, options.ConnectionString);
        Assert.IsType<ManagedIdentityCredential>(options.Credential);
    }

    [Fact]
    public void Our_meters_and_our_spans_are_gathered()
    {
        var exporter = new InMemory();
        using var reader = new BaseExportingMetricReader(exporter);
        using var head = Head(Somewhere, null, services => services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddReader(reader)));
        Assert.NotNull(head.Services.GetService<MeterProvider>());
        Assert.NotNull(head.Services.GetService<TracerProvider>());
        using var ours = new Meter(TrackingMetrics.MeterName);
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
    public void Libraries_are_quiet_whatever_the_settings_say_of_request_lines(string category, LogLevel level, bool told)
    {
        using var head = Head(null, null, services => services.AddFakeLogging(), new() { ["Logging:LogLevel:Microsoft.AspNetCore.Hosting"] = "Trace" });

        Assert.Equal(told, head.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }

    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("ClientId=abc;Authorization=AAD")]
    [InlineData(" authorization = aad ; ClientId = abc ; ")]
    public void Entra_is_used_where_it_is_asked_for(string authentication) => Assert.IsType<ManagedIdentityCredential>(TelemetryServices.Credential(authentication));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ClientId=abc")]
    [InlineData("Authorization")]
    [InlineData("Authorization=Key")]
    public void The_key_of_the_connection_string_is_used_otherwise(string? authentication) => Assert.Null(TelemetryServices.Credential(authentication));

    [Fact]
    public void The_worker_is_told_to_send_its_own_telemetry_so_that_the_host_does_not_tell_it_again()
    {
        using var head = Head(Somewhere, null);

        Assert.Contains("WorkerOpenTelemetryEnabled", head.Services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    private static IHost Head(string? connectionString, string? authentication, Action<IServiceCollection>? configure = null, Dictionary<string, string?>? settings = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(HeadSettings.Enough).AddInMemoryCollection(settings ?? []).AddInMemoryCollection(new Dictionary<string, string?>
        {
            [TelemetryServices.ConnectionString] = connectionString,
            [TelemetryServices.Authentication] = authentication,
        });
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
                Names.Add(metric.Name);
            return ExportResult.Success;
        }
    }
}
