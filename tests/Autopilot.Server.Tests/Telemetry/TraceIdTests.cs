using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Telemetry;

/// <summary>What a caller quotes from a problem is found in the log.</summary>
public sealed class TraceIdTests
{
    /// <summary>Nothing listens there.</summary>
    private const string Unreachable =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:9/devstoreaccount1";

    private static readonly (string Method, string Path, string? Key, string? Body, int Status)[] Cases =
    [
        ("GET", "/api/workflows", null, null, 401),
        ("GET", "/api/nowhere", "a-wrong-key-0123456789", null, 401),
        ("PUT", "/api/workflows/w1", TestKeys.Api, "{}", 403),
        ("GET", "/api/workflows", TestKeys.Api, null, 503),
        ("GET", "/api/workflows/w1?format=nonsense", TestKeys.Api, null, 400),
        ("GET", "/api/nowhere", TestKeys.Api, null, 404),
        ("DELETE", "/api/workflows", TestKeys.Manage, null, 405),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_trace_id_of_every_problem_is_in_the_log(bool telemetry)
    {
        await using var collector = await StubCollector.StartAsync();
        var settings = TestSettings.Of(Unreachable);
        settings["Server:ApiKeys:0"] = TestKeys.Api;
        settings["Server:ManageKeys:0"] = TestKeys.Manage;
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry ? collector.Address : null;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await using var server = await ServerProcess.ServeAsync(settings);
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = server.Address };

        foreach (var (method, path, key, body, status) in Cases)
        {
            foreach (var flags in (string?[])[null, "00"])
            {
                var trace = ActivityTraceId.CreateRandom().ToHexString();
                using var request = new HttpRequestMessage(new HttpMethod(method), path)
                {
                    Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
                };
                request.Headers.TryAddWithoutValidation("x-functions-key", key);
                if (flags is not null)
                {
                    request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-{flags}");
                }

                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.Equal((method, path, status), (method, path, (int)answer.StatusCode));
                var traceId = (string?)JsonNode.Parse(text)!["traceId"];
                Assert.False(string.IsNullOrEmpty(traceId), $"{method} {path}: {text}");
                Assert.Equal(flags is null ? traceId : trace, traceId);
                await server.SaidAsync($"trace {traceId}");
            }
        }
    }
}
