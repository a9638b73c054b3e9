using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>What the published app sends to Application Insights.</summary>
public sealed class WorkerTelemetryTests(AzuriteFixture azurite)
{
    private const int Requests = 400;

    /// <summary>The exporter sends every five seconds, metrics apart.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Traces_are_bounded_while_every_log_arrives(int tracesPerSecond)
    {
        await using var ingestion = await IngestionStub.StartAsync();
        await using var host = await StartAsync(azurite.ConnectionString, ingestion, $"{tracesPerSecond}");
        using var http = Client(host);

        var clock = Stopwatch.StartNew();
        var traces = Enumerable.Range(0, Requests).Select(_ => TraceParent.Random(sampled: true)).ToList();
        foreach (var part in traces.Chunk(10))
        {
            await Task.WhenAll(part.Select(trace => AskAsync(http, "/api/workflows/w1?format=none", trace)));
        }

        var elapsed = clock.Elapsed;
        var expected = traces.Select(trace => trace.TraceId).ToHashSet(StringComparer.Ordinal);
        // Spans come in batches of their own.
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        await EventuallyAsync(() => expected.IsSubsetOf(Logs()));
        var sampled = ingestion.Received.Where(envelope => envelope.IsSpan).Select(span => span.TraceId).Distinct().Count();

        Assert.Empty(expected.Except(Logs()));
        Assert.InRange(sampled, tracesPerSecond, tracesPerSecond * (elapsed.TotalSeconds + 2));

        IEnumerable<string> Logs() => ingestion.Received.Where(envelope => envelope.IsLog).Select(log => log.TraceId ?? "");
    }

    [Fact]
    public async Task Every_error_arrives_although_its_caller_is_not_sampled()
    {
        const int Errors = 80;
        var prefix = $"I{Guid.NewGuid():N}";
        await using var ingestion = await IngestionStub.StartAsync();
        await using var host = await StartAsync(azurite.ConnectionString, ingestion, tablePrefix: prefix);
        using var http = Client(host);
        var workflows = Enumerable.Range(0, Errors).Select(number => $"w{number}").ToList();
        foreach (var workflow in workflows)
        {
            using var body = new StringContent("""{ "clusterId": "b4b9e60f", "projectId": "p1" }""", Encoding.UTF8, "application/json");
            using var tracked = await http.PutAsync($"/api/workflows/{workflow}", body, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
        }

        await DamageAsync(prefix, Errors);

        var traces = workflows.ToDictionary(workflow => workflow, _ => TraceParent.Random(sampled: false));
        foreach (var (workflow, trace) in traces)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await AskAsync(http, $"/api/workflows/{workflow}", trace)).Status);
        }

        await EventuallyAsync(() => traces.All(one => Arrived(one.Key, one.Value)));
        Assert.All(traces, one => Assert.True(Arrived(one.Key, one.Value), one.Key));
        var unsampled = traces.Values.Select(trace => trace.TraceId).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(ingestion.Received, envelope => envelope.IsSpan && unsampled.Contains(envelope.TraceId ?? ""));

        bool Arrived(string workflow, TraceParent trace) =>
            ingestion.Received.Any(log =>
                log.IsLog
                && log.TraceId == trace.TraceId
                && log.Json.Contains("\"Error\"", StringComparison.Ordinal)
                && log.Json.Contains($"|{workflow} of table", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task A_trace_within_the_limit_is_sent_with_all_its_spans()
    {
        await using var ingestion = await IngestionStub.StartAsync();
        await using var host = await StartAsync(azurite.ConnectionString, ingestion, "1");
        var trace = TraceParent.Random(sampled: true);

        await host.Tick("PollTimer", traceParent: trace.Header)
            .Answer.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await EventuallyAsync(() => Spans() >= 2);
        Assert.Equal(2, Spans());

        // The invocation and the cycle within it.
        int Spans() => ingestion.Received.Count(envelope => envelope.IsSpan && envelope.TraceId == trace.TraceId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_trace_id_of_every_problem_is_in_the_log(bool telemetry)
    {
        await using var ingestion = await IngestionStub.StartAsync();
        await using var host = await StartAsync(azurite.ConnectionString, telemetry ? ingestion : null);
        using var http = Client(host);
        TraceParent?[] callers = [null, TraceParent.Random(sampled: true), TraceParent.Random(sampled: false)];
        List<(string Case, string TraceId, string? Callers)> problems = [];

        foreach (var (method, path, body, _) in HttpConversation.Cases)
        {
            foreach (var caller in callers)
            {
                if (await ProblemAsync(http, method, path, body, caller) is { } traceId)
                {
                    problems.Add(($"{method} {path}", traceId, caller?.TraceId));
                }
            }
        }

        Assert.InRange(problems.Select(problem => problem.Case).Distinct().Count(), 10, HttpConversation.Cases.Length);
        // Without telemetry there are no traces: the id is the request's own.
        Assert.All(problems, problem => Assert.Equal(telemetry ? problem.Callers ?? problem.TraceId : problem.TraceId, problem.TraceId));
        await EventuallyAsync(() =>
            problems.All(problem => host.Logs.Any(log => log.Message.EndsWith($"trace {problem.TraceId}", StringComparison.Ordinal)))
        );
        Assert.All(
            problems,
            problem => Assert.Contains(host.Logs, log => log.Message.EndsWith($"trace {problem.TraceId}", StringComparison.Ordinal))
        );
        if (telemetry)
        {
            await EventuallyAsync(() =>
                problems.All(problem => ingestion.Received.Any(log => log.IsLog && log.TraceId == problem.TraceId))
            );
            Assert.All(
                problems,
                problem =>
                    Assert.Contains(
                        ingestion.Received,
                        log => log.IsLog && log.Json.Contains($"trace {problem.TraceId}", StringComparison.Ordinal)
                    )
            );
        }
    }

    [Fact]
    public async Task A_key_in_an_address_is_sent_nowhere_whatever_redaction_is_switched_off()
    {
        await using var ingestion = await IngestionStub.StartAsync();
        await using var host = await StartAsync(
            azurite.ConnectionString,
            ingestion,
            "1000",
            switches: new()
            {
                ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
                ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
                ["DOTNET_SYSTEM_NET_HTTP_DISABLEURIREDACTION"] = "true",
            }
        );
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = host.Address };
        string[] paths =
        [
            $"/api/workflows?code={WorkerHost.Key}",
            $"/api/workflows/w1?code={WorkerHost.Key}",
            $"/api/workflows?maxpagesize=x&code={WorkerHost.Key}",
            $"/api/no/such/route?code={WorkerHost.Key}",
        ];
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path)
            {
                Headers = { { "traceparent", TraceParent.Random(sampled: true).Header } },
            };
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        await EventuallyAsync(() => ingestion.Received.Count(envelope => envelope.IsSpan) >= paths.Length);

        Assert.True(ingestion.Received.Count(envelope => envelope.IsSpan) >= paths.Length);
        Assert.DoesNotContain(ingestion.Received, envelope => envelope.Json.Contains(WorkerHost.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(host.Logs, log => log.Message.Contains(WorkerHost.Key, StringComparison.Ordinal));
    }

    private static async Task<WorkerHost> StartAsync(
        string storage,
        IngestionStub? ingestion,
        string tracesPerSecond = "5",
        string? tablePrefix = null,
        Dictionary<string, string?>? switches = null
    ) =>
        await WorkerHost.StartAsync(
            await PublishedApp.FolderAsync(),
            new Dictionary<string, string?>([.. HostSettings.Enough, .. switches ?? []])
            {
                ["AutopilotStorage"] = storage,
                ["Cce:MaxAttempts"] = "1",
                ["Storage:TablePrefix"] = tablePrefix ?? $"I{Guid.NewGuid():N}",
                ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = ingestion?.ConnectionString,
                ["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true",
                ["Telemetry:TracesPerSecond"] = tracesPerSecond,
            }
        );

    private static HttpClient Client(WorkerHost host) =>
        new(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = host.Address,
            DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } },
        };

    private static async Task<(HttpStatusCode Status, string TraceId)> AskAsync(HttpClient http, string path, TraceParent trace)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "traceparent", trace.Header } } };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return (answer.StatusCode, (string)problem["traceId"]!);
    }

    /// <returns>The trace id of the problem that was answered; null where the answer is none.</returns>
    private static async Task<string?> ProblemAsync(HttpClient http, string method, string path, string? body, TraceParent? caller)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (caller is not null)
        {
            request.Headers.Add("traceparent", caller.Header);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["traceId"]
            : null;
    }

    /// <summary>Makes the row of every tracked workflow unreadable.</summary>
    private async Task DamageAsync(string prefix, int count)
    {
        var table = new TableClient(azurite.ConnectionString, $"{prefix}Workflows");
        var damaged = 0;
        await foreach (
            var row in table.QueryAsync<TableEntity>(
                row => row.RowKey.CompareTo("a|") >= 0 && row.RowKey.CompareTo("a}") < 0,
                cancellationToken: TestContext.Current.CancellationToken
            )
        )
        {
            row["Sequence"] = "many";
            await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
            damaged++;
        }

        Assert.Equal(count, damaged);
    }

    /// <summary>Waits for what comes in batches; whether it came is for the test to say.</summary>
    private static async Task EventuallyAsync(Func<bool> enough)
    {
        for (var waited = Stopwatch.StartNew(); !enough() && waited.Elapsed < Patience; )
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
