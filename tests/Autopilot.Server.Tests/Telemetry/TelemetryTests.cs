using System.Net;
using Autopilot.Server.Tests.Running;
using Autopilot.Simulator.Fleet;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Autopilot.Server.Tests.Telemetry;

public sealed class TelemetryTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Metrics_traces_and_logs_reach_the_collector_and_no_key_or_secret_with_them()
    {
        await using var collector = await StubCollector.StartAsync();
        var fleet = SimulatedFleet.Create(3, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "200";
        settings["Logging:OpenTelemetry:LogLevel:Default"] = "Trace";
        settings["Logging:OpenTelemetry:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace";
        await using (var server = await ServerProcess.ServeAsync(settings))
        {
            using var poll = await server.Client.PostAsync($"/api/poll?due=true&code={TestKeys.Api}", null);
            Assert.Equal(HttpStatusCode.OK, poll.StatusCode);
            using var list = await server.Client.GetAsync($"/api/workflows?code={TestKeys.Api}&maxpagesize=10");
            Assert.Equal(HttpStatusCode.OK, list.StatusCode);
            using var refused = await server.Client.GetAsync("/api/workflows?code=a-wrong-key-0123456789");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            await server.TerminateAsync();
            Assert.Equal(0, await server.ExitAsync());
        }

        var metrics = collector.Received("/v1/metrics");
        foreach (
            var name in new[]
            {
                "autopilot-functions",
                "autopilot.polls",
                "autopilot.cycles",
                "autopilot.cycle.duration",
                "autopilot.workflows",
                "autopilot.cce.request.duration",
                "autopilot.storage.operations",
                "http.server.request.duration",
                "http.client.request.duration",
                "dotnet.gc.collections",
            }
        )
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }

        var traces = collector.Received("/v1/traces");
        Assert.Contains("autopilot-functions", traces, StringComparison.Ordinal);
        Assert.Contains("/api/workflows", traces, StringComparison.Ordinal);
        Assert.Contains("poll cycle", traces, StringComparison.Ordinal);
        var logs = collector.Received("/v1/logs");
        Assert.Contains("Cycle: polled 3", logs, StringComparison.Ordinal);
        Assert.Contains("GET /api/workflows answered 401", logs, StringComparison.Ordinal);
        foreach (
            var secret in new[]
            {
                TestKeys.Api,
                "a-wrong-key-0123456789",
                upstream.Options.SecretKey,
                "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
            }
        )
        {
            Assert.DoesNotContain(secret, metrics, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, traces, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, null, false, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", null, true, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", null, false, true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", null, true, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", null, false, false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED=true", false, false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER=none", false, true, true)]
    public async Task Only_what_has_somewhere_to_go_is_gathered(string? endpoint, string? also, bool traces, bool metrics, bool logs)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        if (endpoint is not null)
        {
            settings[endpoint] = "http://127.0.0.1:9";
        }

        if (also?.Split('=') is [var name, var value])
        {
            settings[name] = value;
        }

        await using var server = await RunningServer.StartAsync(settings);

        Assert.Equal(traces, server.Services.GetService<TracerProvider>() is not null);
        Assert.Equal(metrics, server.Services.GetService<MeterProvider>() is not null);
        Assert.Equal(logs, server.Services.GetService<LoggerProvider>() is not null);
    }
}
