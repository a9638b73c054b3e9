using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Serving;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>What guarantee 1 says of the histories that remain in the end.</summary>
internal static class Histories
{
    /// <summary>Longest back-off of the tests' servers, and a cycle.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Responses, at least, that show a state and that no fault of the test took away. The last of them may meet a write of another process
    /// and be asked for again, when upstream has gone on; with so many one was stored.
    /// </summary>
    private const int FewestKept = 3;

    /// <summary>
    /// Each observed state once and in order, the last one current, and none missing that was shown for so long, and so often, that a poll
    /// must have stored it.
    /// </summary>
    /// <param name="kept">Whether the process that got the response lived to write it: what a kill took is no loss of the product.</param>
    /// <returns>How many states there are, and how many must have been seen.</returns>
    public static async Task<(int States, int Surely)> AssertAsync(
        HttpClient http,
        Uri server,
        SimulatedFleet fleet,
        SimulatorApp upstream,
        TimeSpan surelySeen,
        Func<ServedResponse, bool> kept,
        CancellationToken cancellation
    )
    {
        var (states, surely) = (0, 0);
        await Parallel.ForEachAsync(
            fleet.Workflows,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
            async (workflow, token) =>
            {
                var (served, history) = await SettledAsync(http, server, workflow.Id, upstream, token);
                Interlocked.Add(ref states, history.Count);
                var said = Describe(workflow.Id, served, history, kept);

                Assert.True(history.Select(h => h.Sequence).SequenceEqual(Enumerable.Range(1, history.Count)), $"Gaps: {said}");
                Assert.True(
                    history.Select(h => h.Version).Distinct().Order().SequenceEqual(history.Select(h => h.Version)),
                    $"Twice or out of order: {said}"
                );
                Assert.True(served[^1].Version == history[^1].Version, $"The last one is not current: {said}");
                var stored = history.Select(h => h.Version).ToHashSet();
                Assert.True(stored.IsSubsetOf(served.Select(s => s.Version)), $"Never served: {said}");
                var mustBeThere = served
                    .Where(s => s.LastAt - s.FirstAt >= surelySeen && s.Answers.Count(IsKept) >= FewestKept)
                    .Select(s => s.Version)
                    .ToHashSet();
                Interlocked.Add(ref surely, mustBeThere.Count);
                Assert.True(stored.IsSupersetOf(mustBeThere), $"Missed: {said}");

                bool IsKept(ServedResponse one) => one.Delivered && kept(one);
            }
        );

        return (states, surely);
    }

    /// <summary>
    /// What was served and what is stored, once the last state that was served is stored. Upgrades may move on, and a state whose read or
    /// write failed comes with the next one, after the longest back-off.
    /// </summary>
    private static async Task<(IReadOnlyList<ServedVersion> Served, List<(int Sequence, int Version)> History)> SettledAsync(
        HttpClient http,
        Uri server,
        string workflowId,
        SimulatorApp upstream,
        CancellationToken cancellation
    )
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; )
        {
            var history = await HistoryAsync(http, server, workflowId, cancellation);
            var served = upstream.Ledger.Of(workflowId);
            if (served[^1].Version == history.LastOrDefault().Version || TimeProvider.System.GetElapsedTime(began) > Settling)
            {
                return (served, history);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private static string Describe(
        string workflowId,
        IReadOnlyList<ServedVersion> served,
        List<(int Sequence, int Version)> history,
        Func<ServedResponse, bool> kept
    )
    {
        var shown = served.Select(s =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"v{s.Version} ({s.What}; {s.Count} times in {(s.LastAt - s.FirstAt).TotalSeconds:0.0} s: {Times(s)})"
            )
        );
        return $"workflow {workflowId} was served {string.Join(", ", shown)}; stored are "
            + string.Join(", ", history.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Sequence}: v{h.Version}")));

        string Times(ServedVersion version) =>
            string.Join(
                ", ",
                version.Answers.Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.At:HH:mm:ss.fff} {(!one.Delivered ? "cut" : kept(one) ? "kept" : "lost with its process")}"
                    )
                )
            );
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
