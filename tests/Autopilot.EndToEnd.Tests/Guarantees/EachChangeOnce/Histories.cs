using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>What guarantee 1 says of the histories that remain in the end.</summary>
internal static class Histories
{
    /// <summary>
    /// Each observed state once and in order, the last one current, and none missing that was shown for so long that a poll must have read
    /// it.
    /// </summary>
    /// <returns>How many states there are, and how many must have been seen.</returns>
    public static async Task<(int States, int Surely)> AssertAsync(
        HttpClient http,
        Uri server,
        SimulatedFleet fleet,
        SimulatorApp upstream,
        TimeSpan surelySeen,
        CancellationToken cancellation
    )
    {
        var (states, surely) = (0, 0);
        await Parallel.ForEachAsync(
            fleet.Workflows,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
            async (workflow, token) =>
            {
                var history = await HistoryAsync(http, server, workflow.Id, token);
                Interlocked.Add(ref states, history.Count);

                Assert.Equal(Enumerable.Range(1, history.Count), history.Select(h => h.Sequence));
                Assert.Equal(history.Select(h => h.Version).Distinct().Order(), history.Select(h => h.Version));
                var served = upstream.Ledger.Of(workflow.Id);
                Assert.Equal(served[^1].Version, history[^1].Version);
                Assert.Subset(served.Select(s => s.Version).ToHashSet(), history.Select(h => h.Version).ToHashSet());
                var mustBeThere = served.Where(s => s.LastAt - s.FirstAt >= surelySeen).Select(s => s.Version).ToHashSet();
                Interlocked.Add(ref surely, mustBeThere.Count);
                Assert.Superset(mustBeThere, history.Select(h => h.Version).ToHashSet());
            }
        );

        return (states, surely);
    }

    private static async Task<List<(int Sequence, int Version)>> HistoryAsync(
        HttpClient http,
        Uri server,
        string workflowId,
        CancellationToken cancellation
    )
    {
        var entries = new List<int>();
        for (var link = $"/api/workflows/{workflowId}/history"; link is not null; )
        {
            var page = await http.GetFromJsonAsync<JsonElement>(new Uri(server, link), cancellation);
            entries.AddRange(page.GetProperty("value").EnumerateArray().Select(e => e.GetProperty("sequence").GetInt32()));
            link = page.TryGetProperty("nextLink", out var next) ? next.GetString() : null;
        }

        entries.Reverse();
        var history = new List<(int, int)>();
        foreach (var sequence in entries)
        {
            var state = await http.GetFromJsonAsync<JsonElement>(
                new Uri(server, $"/api/workflows/{workflowId}/history/{sequence}"),
                cancellation
            );
            var version = state
                .GetProperty("document")
                .GetProperty("metadata")
                .GetProperty("labels")
                .GetProperty("simulator/state")
                .GetString()!;
            history.Add((sequence, int.Parse(version, CultureInfo.InvariantCulture)));
        }

        return history;
    }
}
