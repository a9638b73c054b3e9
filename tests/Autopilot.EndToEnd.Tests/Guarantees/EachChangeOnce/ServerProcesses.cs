using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Azurite;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>Every server process of a test, the killed ones too: what they said still counts.</summary>
internal sealed class ServerProcesses : List<ServerProcess>, IDisposable
{
    private readonly Lock _lock = new();

    public new ServerProcess Add(ServerProcess server)
    {
        lock (_lock)
        {
            base.Add(server);
        }

        return server;
    }

    public void Dispose() => ForEach(s => s.Dispose());

    /// <summary>The sum of one figure over all of them.</summary>
    public int Told(string figure) => this.Sum(s => s.Told(figure));

    /// <summary>How often they said this.</summary>
    public int Said(string text) => this.Sum(s => s.Said(text));

    /// <summary>The settings of a server that watches this simulator, with an access key, and polls everything in every second.</summary>
    public static Dictionary<string, string> Settings(Uri upstream, Uri tables)
    {
        var simulator = new SimulatorOptions();
        return new Dictionary<string, string>
        {
            ["Cce__Endpoint"] = upstream.GetLeftPart(UriPartial.Authority),
            ["Cce__AccessKey"] = simulator.AccessKey,
            ["Cce__SecretKey"] = simulator.SecretKey,
            ["AutopilotStorage"] =
                $"DefaultEndpointsProtocol=http;AccountName={AzuriteServer.AccountName};AccountKey={AzuriteServer.AccountKey};"
                + $"TableEndpoint={new Uri(tables, AzuriteServer.AccountName)};",
            ["PollSchedule"] = "* * * * * *",
            ["Polling__WaitingEvery"] = "1",
        };
    }

    /// <summary>Tracks every workflow of a fleet.</summary>
    public static Task TrackAsync(HttpClient http, Uri server, SimulatedFleet fleet, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            fleet.Workflows,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
            async (workflow, token) =>
            {
                using var tracked = await http.PutAsJsonAsync(
                    new Uri(server, $"/api/workflows/{workflow.Id}"),
                    new { workflow.ClusterId, workflow.ProjectId },
                    token
                );
                Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
            }
        );

    /// <summary>Reads what is still to come, until nothing moves any more.</summary>
    public static async Task CalmAsync(HttpClient http, ServerProcess server, TimeSpan patience, CancellationToken cancellationToken)
    {
        var calmBy = TimeProvider.System.GetUtcNow() + patience;
        for (var quiet = 0; quiet < 2; )
        {
            Assert.True(
                TimeProvider.System.GetUtcNow() < calmBy,
                "the cycles never became quiet: " + string.Join('\n', server.Output.TakeLast(20))
            );
            using var answer = await http.PostAsync(new Uri(server.Address, "/api/poll"), null, cancellationToken);
            var cycle = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            quiet =
                cycle.GetProperty("changed").GetInt32() == 0
                && cycle.GetProperty("failed").GetInt32() == 0
                && cycle.GetProperty("complete").GetBoolean()
                    ? quiet + 1
                    : 0;
        }
    }
}
