using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Telemetry;

/// <summary>Every variable of OpenTelemetry that docs/server.md lists, against a collector that listens.</summary>
public sealed partial class OtlpVariableTests(AzuriteFixture azurite)
{
    private const string General = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>What the page lists, as it writes it. Each has a test here.</summary>
    private static readonly string[] Promised =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_PROTOCOL",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_HEADERS",
        "OTEL_EXPORTER_OTLP_COMPRESSION",
        "OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_COMPRESSION",
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_TIMEOUT",
        "OTEL_EXPORTER_OTLP_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_KEY",
        "OTEL_SERVICE_NAME",
        "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
        "OTEL_{TRACES,METRICS,LOGS}_EXPORTER",
        "OTEL_SDK_DISABLED",
    ];

    private static readonly string[] Paths = ["/v1/traces", "/v1/metrics", "/v1/logs"];

    public static TheoryData<string> Signals => ["TRACES", "METRICS", "LOGS"];

    [Fact]
    public void The_page_promises_what_is_tested_here_and_nothing_else()
    {
        var page = Repository.Text("docs/server.md");

        Assert.Equal(
            Promised.Order(StringComparer.Ordinal),
            Variable().Matches(page).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_general_endpoint_gets_every_signal_at_its_own_path()
    {
        await using var collector = await StubCollector.StartAsync();

        await ExportAsync(Over(collector));

        Assert.Equal(Paths.Order(), collector.Paths.Order());
        Assert.Contains("autopilot.storage.operations", collector.Received("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("/api/workflows", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("No key is set: only this machine is served", collector.Received("/v1/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_protocol_it_speaks_grpc()
    {
        await using var collector = await StubCollector.StartAsync(grpc: true);

        await ExportAsync(new() { [General] = collector.Address });

        Assert.Equal(
            [
                "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
                "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
                "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            ],
            collector.Paths.Order(StringComparer.Ordinal)
        );
        Assert.Contains("autopilot.storage.operations", collector.All, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task A_signals_own_endpoint_alone_gets_that_signal_alone(string signal)
    {
        await using var collector = await StubCollector.StartAsync();

        await ExportAsync(
            new()
            {
                [$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] = $"{collector.Address}/a/path",
                [$"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"] = "http/protobuf",
            }
        );

        Assert.Equal(["/a/path"], collector.Paths);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task A_signals_own_endpoint_wins_over_the_general_one(string signal)
    {
        await using var general = await StubCollector.StartAsync();
        await using var own = await StubCollector.StartAsync();
        var settings = Over(general);
        settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] = $"{own.Address}/a/path";

        await ExportAsync(settings);

        Assert.Equal(["/a/path"], own.Paths);
        Assert.Equal(Paths.Where(path => path != PathOf(signal)).Order(), general.Paths.Order());
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task A_signals_own_protocol_wins_over_the_general_one(string signal)
    {
        await using var general = await StubCollector.StartAsync();
        await using var own = await StubCollector.StartAsync(grpc: true);
        var settings = Over(general);
        settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] = own.Address;
        settings[$"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"] = "grpc";

        await ExportAsync(settings);

        Assert.StartsWith("/opentelemetry.proto.collector.", Assert.Single(own.Paths), StringComparison.Ordinal);
        Assert.DoesNotContain(PathOf(signal), general.Paths);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Headers_and_compression_of_a_signal_win_over_the_general_ones(string signal)
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = Over(collector);
        settings["OTEL_EXPORTER_OTLP_HEADERS"] = "x-general=first,x-also=a%20blank";
        settings[$"OTEL_EXPORTER_OTLP_{signal}_HEADERS"] = "x-own=second";
        settings["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip";
        settings[$"OTEL_EXPORTER_OTLP_{signal}_COMPRESSION"] = "none";

        await ExportAsync(settings);

        Assert.All(
            collector.Headers(PathOf(signal)),
            headers =>
            {
                Assert.Contains("x-own: second", headers, StringComparison.Ordinal);
                Assert.DoesNotContain("x-general", headers, StringComparison.Ordinal);
                Assert.DoesNotContain("content-encoding", headers, StringComparison.Ordinal);
            }
        );
        foreach (var path in Paths.Where(path => path != PathOf(signal)))
        {
            Assert.NotEmpty(collector.Headers(path));
            Assert.All(
                collector.Headers(path),
                headers =>
                {
                    Assert.Contains("x-general: first", headers, StringComparison.Ordinal);
                    Assert.Contains("x-also: a blank", headers, StringComparison.Ordinal);
                    Assert.Contains("content-encoding: gzip", headers, StringComparison.Ordinal);
                }
            );
        }
    }

    // The default is ten seconds; the collector answers after a minute.
    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "300", null, null)]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "40000", "TRACES", "300")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "40000", "METRICS", "300")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "40000", "LOGS", "300")]
    public async Task An_export_is_given_up_after_its_timeout(string general, string generalValue, string? signal, string? own)
    {
        await using var collector = await StubCollector.StartAsync(answersAfter: TimeSpan.FromMinutes(1));
        var settings = signal is null
            ? Over(collector)
            : new()
            {
                [$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] = collector.Address,
                [$"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"] = "http/protobuf",
                [$"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT"] = own,
            };
        settings[general] = generalValue;
        var began = Stopwatch.StartNew();

        await ExportAsync(settings);

        Assert.NotEmpty(collector.Paths);
        Assert.InRange(began.Elapsed, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_certificate_in_a_file_is_trusted_and_another_is_not()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Certificate("CN=collector");
        using var other = Certificate("CN=another");
        await using var collector = await StubCollector.StartAsync(certificate: certificate);
        var settings = Over(collector);

        settings["OTEL_EXPORTER_OTLP_CERTIFICATE"] = folder.Write("other.pem", other.ExportCertificatePem());
        await ExportAsync(settings);
        Assert.Empty(collector.Paths);

        settings["OTEL_EXPORTER_OTLP_CERTIFICATE"] = folder.Write("collector.pem", certificate.ExportCertificatePem());
        await ExportAsync(settings);
        Assert.Equal(Paths.Order(), collector.Paths.Order());
    }

    [Fact]
    public async Task A_collector_that_asks_for_a_certificate_is_shown_the_clients()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Certificate("CN=collector");
        using var client = Certificate("CN=server");
        using var key = client.GetECDsaPrivateKey()!;
        await using var collector = await StubCollector.StartAsync(certificate: certificate, client: client);
        var settings = Over(collector);
        settings["OTEL_EXPORTER_OTLP_CERTIFICATE"] = folder.Write("collector.pem", certificate.ExportCertificatePem());
        await ExportAsync(settings);
        Assert.Empty(collector.Paths);

        settings["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"] = folder.Write("client.pem", client.ExportCertificatePem());
        settings["OTEL_EXPORTER_OTLP_CLIENT_KEY"] = folder.Write("client.key", key.ExportPkcs8PrivateKeyPem());
        await ExportAsync(settings);
        Assert.Equal(Paths.Order(), collector.Paths.Order());
    }

    [Fact]
    public async Task Every_signal_names_the_service_and_its_attributes()
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = Over(collector);
        settings["OTEL_SERVICE_NAME"] = "watcher-of-jakarta";
        settings["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=staging,team=platform";

        await ExportAsync(settings);

        Assert.All(
            Paths,
            path =>
                Assert.All(
                    ["watcher-of-jakarta", "deployment.environment.name", "staging", "platform"],
                    text => Assert.Contains(text, collector.Received(path), StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Metrics_are_sent_at_their_interval_and_not_only_at_the_end()
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = TestSettings.Of(azurite.ConnectionString);
        foreach (var (name, value) in Over(collector))
        {
            settings[name] = value;
        }

        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "100";
        await using var server = await RunningServer.StartAsync(settings);

        // A minute is the default.
        var patience = Stopwatch.StartNew();
        while (collector.Headers("/v1/metrics").Count < 3 && patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.InRange(collector.Headers("/v1/metrics").Count, 3, int.MaxValue);
    }

    // In a process of its own: what one tracer of a process samples, all of its tracers export.
    [Theory]
    [InlineData("always_off", null, false)]
    [InlineData("traceidratio", "0", false)]
    [InlineData("traceidratio", "1", true)]
    public async Task The_sampler_decides_whether_traces_are_sent(string sampler, string? argument, bool sent)
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = TestSettings.Of(azurite.ConnectionString);
        foreach (var (name, value) in Over(collector))
        {
            settings[name] = value;
        }

        settings["OTEL_TRACES_SAMPLER"] = sampler;
        settings["OTEL_TRACES_SAMPLER_ARG"] = argument;
        await using (var server = await ServerProcess.ServeAsync(settings))
        {
            using var answer = await server.Client.GetAsync("/api/workflows", TestContext.Current.CancellationToken);
            await server.TerminateAsync();
            Assert.Equal(0, await server.ExitAsync());
        }

        Assert.Equal(sent, collector.Paths.Contains("/v1/traces"));
        Assert.Contains("/v1/metrics", collector.Paths);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task A_signal_whose_exporter_is_none_is_not_sent(string signal)
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = Over(collector);
        settings[$"OTEL_{signal}_EXPORTER"] = "none";

        await ExportAsync(settings);

        Assert.Equal(Paths.Where(path => path != PathOf(signal)).Order(), collector.Paths.Order());
    }

    [Fact]
    public async Task Nothing_is_sent_where_the_sdk_is_disabled()
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = Over(collector);
        settings["OTEL_SDK_DISABLED"] = "true";

        await ExportAsync(settings);

        Assert.Empty(collector.Paths);
    }

    [Theory]
    [InlineData(General, "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT is no address")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "/v1/logs", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is no address")]
    [InlineData(
        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
        "http/json",
        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL is not supported: give grpc or http/protobuf"
    )]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "OTEL_EXPORTER_OTLP_TIMEOUT is no time")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is not supported")]
    [InlineData("OTEL_LOGS_EXPORTER", "console", "OTEL_LOGS_EXPORTER is not supported: give otlp or none")]
    public async Task A_value_that_means_nothing_is_logged_at_the_start_and_left_out(string variable, string value, string said)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings[variable] = value;
        await using var server = await RunningServer.StartAsync(settings);

        Assert.Contains(
            server.Log.GetSnapshot(),
            record => record.Id.Name == "TelemetrySettingIgnored" && record.Message.StartsWith($"Ignored: {said}", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Headers_that_cannot_be_read_end_the_start_without_their_value()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://127.0.0.1:9";
        settings["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "a-secret-token";
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        Assert.Equal(
            "setting: OTEL_EXPORTER_OTLP_TRACES_HEADERS is no list of headers: give name=value, several separated by commas.",
            server.Error.Trim()
        );
    }

    private static Dictionary<string, string?> Over(StubCollector collector) =>
        new() { [General] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };

    /// <summary>A server that answers one question and ends: by then everything is sent.</summary>
    private async Task ExportAsync(Dictionary<string, string?> variables)
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        foreach (var (name, value) in variables)
        {
            settings[name] = value;
        }

        await using var server = await RunningServer.StartAsync(settings);
        using var answer = await server.Client.GetAsync("/api/workflows", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static string PathOf(string signal) => $"/v1/{signal.ToLowerInvariant()}";

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    [GeneratedRegex("`(OTEL_[A-Z_{},]+)")]
    private static partial Regex Variable();

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("otlp-").FullName;

        public string Write(string name, string text)
        {
            var path = Path.Combine(_path, name);
            File.WriteAllText(path, text);
            return path;
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
