using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;
using ModelContextProtocol.Client;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>The published app answers HTTP behind its host as the server does.</summary>
public sealed class WorkerHttpTests(AzuriteFixture azurite)
{
    private const int MaxBody = 64 * 1024;

    [Fact]
    public async Task Both_hosts_answer_the_same_conversation_alike()
    {
        await using var hosts = await BothHosts.StartAsync(azurite.ConnectionString);

        foreach (var (method, path, body, status) in HttpConversation.Cases)
        {
            var expected = await BothHosts.AskAsync(hosts.Server, method, path, body);
            Assert.StartsWith($"{method} {path} → {status}\n", expected, StringComparison.Ordinal);
            Assert.Equal(expected, await BothHosts.AskAsync(hosts.Worker, method, path, body));
        }
    }

    [Fact]
    public async Task What_both_read_from_the_same_tables_is_the_same_to_the_byte()
    {
        await using var hosts = await BothHosts.StartAsync(azurite.ConnectionString, $"B{Guid.NewGuid():N}");
        await TrackAsync(hosts.Server, "c271e39e");
        using (var polled = await hosts.Server.PostAsync("/api/workflows/c271e39e/poll", null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
        }

        foreach (var format in (string[])["json", "markdown", "text", "card"])
        {
            var path = $"/api/workflows/c271e39e?format={format}";
            using var expected = await hosts.Server.GetAsync(path, TestContext.Current.CancellationToken);
            using var answer = await hosts.Worker.GetAsync(path, TestContext.Current.CancellationToken);
            using var host = await hosts.Worker.SendAsync(
                new HttpRequestMessage(HttpMethod.Head, path),
                TestContext.Current.CancellationToken
            );

            Assert.Equal(expected.StatusCode, answer.StatusCode);
            Assert.Equal(expected.Headers.ETag, answer.Headers.ETag);
            var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(await expected.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), bytes);
            Assert.Equal(
                (answer.StatusCode, answer.Headers.ETag, (long?)bytes.Length),
                (host.StatusCode, host.Headers.ETag, host.Content.Headers.ContentLength)
            );
            Assert.Empty(await host.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_body_may_have_64_KiB_whether_its_length_is_announced_or_not()
    {
        (int Length, bool Chunked, int Status)[] cases =
        [
            (MaxBody, false, 201),
            (MaxBody, true, 200),
            (MaxBody + 1, false, 413),
            (MaxBody + 1, true, 413),
        ];
        await using var hosts = await BothHosts.StartAsync(azurite.ConnectionString);

        foreach (var http in (HttpClient[])[hosts.Server, hosts.Worker])
        {
            foreach (var (length, chunked, status) in cases)
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, "/api/workflows/c271e39e")
                {
                    Content = new StringContent(
                        """{ "clusterId": "b4b9e60f", "projectId": "p1" }""".PadRight(length),
                        Encoding.UTF8,
                        "application/json"
                    ),
                };
                request.Headers.TransferEncodingChunked = chunked;
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

                Assert.Equal((length, chunked, status), (length, chunked, (int)answer.StatusCode));
            }
        }
    }

    [Fact]
    public async Task Twenty_thousand_runs_are_streamed_and_compressed_once()
    {
        const int Runs = 20_000;
        var prefix = $"B{Guid.NewGuid():N}";
        await using var hosts = await BothHosts.StartAsync(azurite.ConnectionString, prefix);
        await StoreRunsAsync(prefix, Runs);
        const string Path = "/api/reports/runs?format=ndjson&from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z";

        using var expected = await hosts.Server.GetAsync(
            Path,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        using var plain = await hosts.Worker.GetAsync(
            Path,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        using var asking = new HttpRequestMessage(HttpMethod.Get, Path)
        {
            Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } },
        };
        using var packed = await hosts.Worker.SendAsync(
            asking,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );

        // No length: it begins before its end is known.
        Assert.Equal((HttpStatusCode.OK, (long?)null), (plain.StatusCode, plain.Content.Headers.ContentLength));
        var lines = await plain.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Runs, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(await expected.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), lines);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(
            await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken),
            CompressionMode.Decompress
        );
        using var text = new StreamReader(unpacked, Encoding.UTF8);
        Assert.Equal(lines, await text.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_that_pauses_gets_every_run_and_holds_up_no_other()
    {
        const int Runs = 20_000;
        var prefix = $"B{Guid.NewGuid():N}";
        await StoreRunsAsync(prefix, Runs);
        await using var host = await StartAsync(prefix);
        // So small that the answer waits for the reader and not in the system's buffers.
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (connection, cancellation) => ConnectAsync(connection.DnsEndPoint, 8 << 10, cancellation),
        };
        using var http = new HttpClient(handler)
        {
            BaseAddress = host.Address,
            DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } },
        };
        using var other = new HttpClient { BaseAddress = host.Address };

        using var answer = await http.GetAsync(
            "/api/reports/runs?format=ndjson&from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var lines = new StreamReader(body, Encoding.UTF8);
        var first = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        // Kestrel looks at the rate of a reader after 5 s.
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        using var health = await other.GetAsync("/api/health/live", TestContext.Current.CancellationToken);
        var rest = await lines.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, health.StatusCode));
        Assert.StartsWith("{", first, StringComparison.Ordinal);
        Assert.Equal(Runs - 1, rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.EndsWith("}\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_official_client_of_MCP_lists_the_tools_and_calls_one()
    {
        await using var hosts = await BothHosts.StartAsync(azurite.ConnectionString);
        await TrackAsync(hosts.Worker, "c271e39e");

        await using var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(hosts.Host.Address, "/api/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
            },
            hosts.Worker,
            ownsHttpClient: false
        );
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken);
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var upgrade = await client.CallToolAsync(
            "get_upgrade",
            new Dictionary<string, object?> { ["workflowId"] = "c271e39e" },
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Contains(tools, tool => tool.Name == "list_upgrades");
        Assert.False(upgrade.IsError is true);
        Assert.Contains(
            "c271e39e",
            JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(upgrade.StructuredContent))!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_a_key_nothing_but_health_is_answered()
    {
        (string Method, string Path, int Status, bool FromApp)[] cases =
        [
            ("GET", "/api/health/live", 200, true),
            ("HEAD", "/api/health/live", 200, true),
            ("GET", "/api/workflows", 401, false),
            ("GET", "/api/mcp", 401, false),
            ("OPTIONS", "/api/mcp", 401, false),
            ("PATCH", "/api/mcp", 401, false),
            ("DELETE", "/api/workflows/1", 401, false),
            ("PATCH", "/api/workflows/1", 404, false),
            ("GET", "/", 404, false),
            // Spellings that a host and a worker may read differently.
            ("GET", "/api/health/../workflows", 401, false),
            ("GET", "/api/health/%2e%2e/workflows", 401, false),
            ("GET", "/api/health/..%2fworkflows", 404, true),
            ("GET", "/api/health/%252e%252e/workflows", 404, true),
            ("GET", "/api/health/..%5cworkflows", 404, true),
            ("GET", "/api/health//../../workflows", 401, false),
            ("GET", "//api/workflows", 404, false),
            ("GET", "/api/health%2f..%2fworkflows", 401, false),
        ];
        await using var host = await StartAsync();

        Assert.Equal(cases, await AskAsync(host, cases));
    }

    [Fact]
    public async Task A_path_that_the_host_reads_otherwise_is_refused_by_the_app()
    {
        (string Method, string Path, int Status, bool FromApp)[] cases =
        [
            ("GET", "/api/workflows", 404, true),
            ("GET", "/api/healthy", 404, true),
            ("POST", "/api/mcp", 404, true),
        ];
        await using var host = await StartAsync();
        foreach (var (_, path, _, _) in cases)
        {
            host.Misread[path] = nameof(Health);
        }

        Assert.Equal(cases, await AskAsync(host, cases, areEmpty: true));
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    [InlineData("GET")]
    public async Task With_its_key_a_wrong_method_of_MCP_is_405(string method)
    {
        await using var host = await StartAsync();
        using var http = new HttpClient { DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } } };

        using var answer = await http.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, "/api/mcp")),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    private async Task<WorkerHost> StartAsync(string? prefix = null) =>
        await WorkerHost.StartAsync(
            await PublishedApp.FolderAsync(),
            new Dictionary<string, string?>(HostSettings.Enough)
            {
                ["AutopilotStorage"] = azurite.ConnectionString,
                ["Storage:TablePrefix"] = prefix,
            }
        );

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, int receiveBuffer, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        try
        {
            await socket.ConnectAsync(host, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks without a key, every path as it is written.</summary>
    private static async Task<List<(string Method, string Path, int Status, bool FromApp)>> AskAsync(
        WorkerHost host,
        IEnumerable<(string Method, string Path, int Status, bool FromApp)> cases,
        bool areEmpty = false
    )
    {
        using var http = new HttpClient();
        var answers = new List<(string Method, string Path, int Status, bool FromApp)>();
        foreach (var (method, path, _, _) in cases)
        {
            var target = new Uri(
                host.Address.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            );
            using var request = new HttpRequestMessage(new HttpMethod(method), target);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            answers.Add((method, path, (int)answer.StatusCode, !answer.Headers.Contains(WorkerHost.OwnAnswer)));
            if (areEmpty)
            {
                Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            }
        }

        return answers;
    }

    private static async Task TrackAsync(HttpClient http, string id)
    {
        using var body = new StringContent("""{ "clusterId": "b4b9e60f", "projectId": "p1" }""", Encoding.UTF8, "application/json");
        using var tracked = await http.PutAsync($"/api/workflows/{id}", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
    }

    /// <summary>Stores one run as the app does, and copies its row under other ids.</summary>
    private async Task StoreRunsAsync(string prefix, int count)
    {
        const string Template = "run-00000";
        await using var app = Server.ServerApp.Create(
            [],
            builder =>
            {
                foreach (var (name, value) in HostSettings.Enough)
                {
                    builder.Configuration[name] = value;
                }

                builder.Configuration["AutopilotStorage"] = azurite.ConnectionString;
                builder.Configuration["Storage:TablePrefix"] = prefix;
            }
        );
        await ((IRunStore)app.Services.GetService(typeof(IRunStore))!).WriteAsync(
            new FinishedUpgrade
            {
                Target = new WorkflowTarget("p1", "b4b9e60f", Template),
                Outcome = WorkflowOutcome.Succeeded,
                CreatedAt = new DateTimeOffset(2026, 6, 10, 9, 0, 0, TimeSpan.Zero),
                StartedAt = new DateTimeOffset(2026, 6, 10, 10, 0, 0, TimeSpan.Zero),
                EndedAt = new DateTimeOffset(2026, 6, 10, 12, 0, 0, TimeSpan.Zero),
                ElapsedSeconds = 7200,
            },
            TestContext.Current.CancellationToken
        );
        var table = new TableClient(azurite.ConnectionString, $"{prefix}Runs");
        var row = await table.QueryAsync<TableEntity>().SingleAsync(one => one.RowKey.Contains(Template, StringComparison.Ordinal));
        var copies = Enumerable.Range(1, count - 1).Select(number => Copy(row, Template, $"run-{number:00000}"));
        await Parallel.ForEachAsync(
            copies.Chunk(100),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (chunk, cancellation) =>
                await table.SubmitTransactionAsync(
                    chunk.Select(copy => new TableTransactionAction(TableTransactionActionType.Add, copy)),
                    cancellation
                )
        );
    }

    private static TableEntity Copy(TableEntity row, string template, string id)
    {
        var copy = new TableEntity(row.PartitionKey, row.RowKey.Replace(template, id, StringComparison.Ordinal));
        foreach (
            var (name, value) in row.Where(property => property.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
        )
        {
            copy[name] = value is string text ? text.Replace(template, id, StringComparison.Ordinal) : value;
        }

        return copy;
    }
}
