using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Storage;

/// <summary>
/// A table service that stalls, or answers nonsense, over real HTTP: every answer of the server begins in time, and says so.
/// </summary>
public sealed class StorageDeadlineTests
{
    private const string Id = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1";
    private const string Cluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f";

    // What a busy machine adds.
    private const double Slack = 4;

    /// <summary>Every route that reads or writes tables, and its seconds until the first byte.</summary>
    private static readonly (string Method, string Path, int Limit)[] Routes =
    [
        ("GET", $"/api/workflows/{Id}", 5),
        ("HEAD", $"/api/workflows/{Id}", 5),
        ("GET", $"/api/workflows/{Id}?format=text", 5),
        ("GET", $"/api/workflows/{Id}/timeline", 5),
        ("GET", $"/api/workflows/{Id}/history", 10),
        ("GET", $"/api/workflows/{Id}/history/1", 10),
        ("GET", "/api/workflows", 10),
        ("GET", "/api/workflows?format=markdown", 10),
        ("GET", "/api/clusters", 10),
        ("GET", $"/api/clusters/{Cluster}", 10),
        ("GET", "/api/projects", 10),
        ("GET", "/api/projects/p1", 10),
        ("GET", "/api/notifications", 10),
        ("GET", "/api/reports/upgrades", 10),
        ("GET", "/api/reports/outlook?targetVersion=v1.30", 10),
        ("GET", "/api/reports/runs", 10),
        ("GET", "/api/reports/runs?format=csv", 10),
        ("GET", "/api/reports/runs?format=ndjson", 10),
        ("GET", "/api/retention/expired", 10),
        ("PUT", $"/api/workflows/{Id}", 10),
        ("DELETE", $"/api/workflows/{Id}", 10),
        ("DELETE", $"/api/workflows/{Id}?purge=true", 10),
        ("PUT", $"/api/clusters/{Cluster}", 10),
        ("DELETE", $"/api/clusters/{Cluster}", 10),
        ("PUT", "/api/projects/p1", 10),
        ("DELETE", "/api/projects/p1", 10),
        ("POST", $"/api/workflows/{Id}/poll", 10),
        // Its shards are read in turns.
        ("POST", "/api/poll", 30),
    ];

    [Theory]
    [InlineData("silent")]
    [InlineData("busy for an hour")]
    [InlineData("busy")]
    [InlineData("html")]
    [InlineData("{}")]
    [InlineData("gzip")]
    public async Task Every_answer_begins_in_time_and_is_StorageUnavailable(string answer)
    {
        await using var tables = await StandInTables.StartAsync(answer);
        await using var server = await RunningServer.StartAsync(TestSettings.Of(tables.ConnectionString));

        await Task.WhenAll(
            Routes.Select(async route =>
            {
                var name = $"{route.Method} {route.Path}";
                var time = Stopwatch.StartNew();
                using var response = await server.Client.SendAsync(
                    Request(route.Method, route.Path),
                    HttpCompletionOption.ResponseHeadersRead
                );
                Assert.True(time.Elapsed.TotalSeconds < route.Limit + Slack, $"{name} took {time.Elapsed}.");
                Assert.True(
                    response.StatusCode == HttpStatusCode.ServiceUnavailable,
                    $"{name}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}\n"
                        + string.Join('\n', server.Log.GetSnapshot().Select(record => record.Exception).OfType<Exception>())
                );
                Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero, name);
                if (route.Method != "HEAD")
                {
                    Assert.Equal((name, "StorageUnavailable"), (name, await CodeAsync(response)));
                }
            })
        );

        // It recovers, and so does the next answer.
        tables.Answer = "empty";
        var recovery = Stopwatch.StartNew();
        foreach (
            var (path, status) in ((string, HttpStatusCode)[])
                [
                    ($"/api/workflows/{Id}", HttpStatusCode.NotFound),
                    ("/api/workflows", HttpStatusCode.OK),
                    ("/api/reports/upgrades", HttpStatusCode.OK),
                ]
        )
        {
            using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((path, status), (path, response.StatusCode));
        }

        using (var poll = await server.Client.PostAsync("/api/poll", null))
        {
            Assert.Equal(HttpStatusCode.OK, poll.StatusCode);
        }

        Assert.True(recovery.Elapsed.TotalSeconds < Slack, $"The answers after the recovery took {recovery.Elapsed}.");
        Assert.DoesNotContain(server.Log.GetSnapshot(), record => record.Id.Name == "RequestFailed");
    }

    [Fact]
    public async Task A_tool_call_says_that_storage_is_unavailable_within_its_limit()
    {
        await using var tables = await StandInTables.StartAsync("silent");
        await using var server = await RunningServer.StartAsync(TestSettings.Of(tables.ConnectionString));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/mcp")
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_upgrades","arguments":{}}}""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");

        var time = Stopwatch.StartNew();
        using var response = await server.Client.SendAsync(request);
        Assert.Contains("StorageUnavailable", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(time.Elapsed.TotalSeconds < 10 + Slack, $"It took {time.Elapsed}.");
    }

    [Fact]
    public async Task Health_answers_while_storage_is_silent()
    {
        await using var tables = await StandInTables.StartAsync("silent");
        await using var server = await RunningServer.StartAsync(TestSettings.Of(tables.ConnectionString));

        var time = Stopwatch.StartNew();
        using (var live = await server.Client.GetAsync("/api/health/live"))
        {
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        Assert.True(time.Elapsed.TotalSeconds < Slack, $"Liveness took {time.Elapsed}.");
        using var ready = await server.Client.GetAsync("/api/health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "StorageUnavailable"), (ready.StatusCode, await CodeAsync(ready)));
        Assert.True(time.Elapsed.TotalSeconds < 8 + Slack, $"Readiness took {time.Elapsed}.");
    }

    private static HttpRequestMessage Request(string method, string path) =>
        new(new HttpMethod(method), path)
        {
            Content =
                method == "PUT" && path.Contains("/workflows/", StringComparison.Ordinal)
                    ? new StringContent($$"""{"clusterId":"{{Cluster}}"}""", Encoding.UTF8, "application/json")
                    : null,
        };

    private static async Task<string?> CodeAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }
}
