using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Autopilot.Functions.Tests.Worker;

/// <summary>The published app behind its host, over a table service that stalls or answers nonsense: every answer begins in time.</summary>
public sealed class StorageDeadlineTests
{
    private const double Slack = 4;

    [Theory]
    [InlineData("silent")]
    [InlineData("busy for an hour")]
    [InlineData("html")]
    [InlineData("{}")]
    [InlineData("gzip")]
    public async Task Every_answer_begins_in_time_and_is_StorageUnavailable(string answer)
    {
        await using var tables = await StandInTables.StartAsync(answer);
        await using var host = await WorkerHost.StartAsync(
            await PublishedApp.FolderAsync(),
            new Dictionary<string, string?>(HostSettings.Enough) { ["AutopilotStorage"] = tables.ConnectionString }
        );
        using var http = new HttpClient { BaseAddress = host.Address, DefaultRequestHeaders = { { "x-functions-key", WorkerHost.Key } } };

        (string Path, int Limit)[] routes =
        [
            ("/api/workflows/w1", 5),
            ("/api/workflows", 10),
            ("/api/reports/upgrades", 10),
            ("/api/reports/runs?format=csv", 10),
        ];
        await Task.WhenAll(
            routes.Select(async route =>
            {
                var time = Stopwatch.StartNew();
                using var response = await http.GetAsync(new Uri(route.Path, UriKind.Relative), TestContext.Current.CancellationToken);
                Assert.True(time.Elapsed.TotalSeconds < route.Limit + Slack, $"{route.Path} took {time.Elapsed}.");
                var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                Assert.Equal((route.Path, 503, "StorageUnavailable"), (route.Path, (int)response.StatusCode, (string?)problem["code"]));
                Assert.NotNull(response.Headers.RetryAfter);
            })
        );

        tables.Answer = "empty";
        using var recovered = await http.GetAsync(new Uri("/api/workflows", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(recovered.IsSuccessStatusCode);
    }
}
