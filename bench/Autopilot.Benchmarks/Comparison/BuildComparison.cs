using System.Globalization;
using System.Text;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Comparison;

/// <summary>
/// What a user can feel of one server beside another: the time of a summary, of a list of 200 and of a cycle over 1,000 workflows, where
/// storage and upstream are as far away as they are in a cloud; the processor time and the memory that the answers take; and the storage
/// operations. Builds are measured alternating, so that the ratios hold on a busy machine.
/// </summary>
internal static class BuildComparison
{
    private const int Listed = 200,
        Summaries = 2_000,
        SummariesAtOnce = 16,
        Lists = 16,
        ListsAtOnce = 4,
        Cycles = 2,
        WarmUps = 12;

    private static readonly string[] Kinds = ["summary", "list of 200", "unchanged cycle", "changed cycle"];

    public static async Task<int> RunAsync(IReadOnlyList<MeasuredBuild> builds, int rounds, int latency)
    {
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine });
        await using var upstream = await UpstreamProcess.StartAsync();
        await upstream.SetAsync(0, 0);
        // Nothing writes the fleet that is asked for: one for all of them.
        await using var few = await MeasuredServer.StartAsync(azurite, upstream);
        await few.FillAsync(Listed);
        var servers = new List<Dictionary<string, ComparedServer>>();
        try
        {
            foreach (var build in builds)
            {
                var byKind = new Dictionary<string, ComparedServer>();
                servers.Add(byKind);
                foreach (var kind in Kinds)
                {
                    await using var filled = kind.EndsWith("cycle", StringComparison.Ordinal)
                        ? await MeasuredServer.StartAsync(azurite, upstream)
                        : null;
                    if (filled is not null)
                    {
                        await filled.FillAsync(ScenarioRun.Workflows);
                    }

                    byKind[kind] = await ComparedServer.StartAsync(build, azurite, upstream, (filled ?? few).Prefix);
                }
            }

            for (var round = -1; round < rounds; round++)
            {
                var counts = round >= 0;
                Console.WriteLine(counts ? $"round {round + 1} of {rounds} ..." : "warm-up ...");
                // A process that has run for a while has its code compiled well: the warm-up is long, and waits for nothing.
                var wait = counts ? latency : 0;
                await upstream.SetAsync(wait, 0);
                foreach (var server in servers.SelectMany(byKind => byKind.Values))
                {
                    server.Latency = wait;
                }

                foreach (var server in Turn(servers, round))
                {
                    await server["summary"]
                        .AskAsync(
                            Enumerable.Range(0, Summaries).Select(number => $"/api/workflows/{Fleet.IdOf(number % Listed)}"),
                            SummariesAtOnce,
                            counts
                        );
                    await server["list of 200"].ListAsync(counts ? Lists : 4 * Lists, ListsAtOnce, Listed, counts);
                    for (var cycle = 0; cycle < (counts ? Cycles : WarmUps); cycle++)
                    {
                        await server["unchanged cycle"].CycleAsync(ScenarioRun.Workflows, 0, counts);
                    }
                }

                for (var times = 0; times < (counts ? Cycles : WarmUps) / 2; times++)
                {
                    foreach (var changed in (int[])[ScenarioRun.Workflows, 0])
                    {
                        await upstream.SetAsync(wait, changed);
                        foreach (var server in Turn(servers, round))
                        {
                            await server["changed cycle"].CycleAsync(ScenarioRun.Workflows, ScenarioRun.Workflows, counts);
                        }
                    }
                }
            }

            foreach (var kind in Kinds)
            {
                Console.WriteLine($"{Environment.NewLine}{Table(kind, builds, [.. servers.Select(server => server[kind].Turns)])}");
            }

            return 0;
        }
        finally
        {
            foreach (var server in servers.SelectMany(byKind => byKind.Values))
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Each round begins with another one.</summary>
    private static IEnumerable<T> Turn<T>(IReadOnlyList<T> all, int round) =>
        Enumerable.Range(0, all.Count).Select(place => all[(place + round + 1) % all.Count]);

    private static string Table(string kind, IReadOnlyList<MeasuredBuild> builds, IReadOnlyList<MeasuredRounds> rounds)
    {
        var each = kind.EndsWith("cycle", StringComparison.Ordinal) ? 1 : 10_000;
        var text = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind} | P50, ms | P95, ms | processor seconds per {each:N0} | peak, MiB | storage operations | of "
                    + $"{rounds[0].Times.Count} |\n|---|---|---|---|---|---|---|"
            )
        );
        foreach (var (build, one) in builds.Zip(rounds))
        {
            text.Append('\n')
                .Append(
                    $"| {build.Label} | {Beside(one, t => t.Percentile(0.5), "0.0")} | {Beside(one, t => t.Percentile(0.95), "0.0")} "
                        + $"| {Beside(one, t => t.ProcessorOf(each), "0.000")} | {Beside(one, t => t.PeakMiB, "0")} "
                        + $"| {Beside(one, t => t.OperationsEach, "0.00")} | |"
                );
        }

        return text.ToString();

        string Beside(MeasuredRounds one, Func<MeasuredRounds, double> of, string format) =>
            Invariant($"{of(one).ToString(format, CultureInfo.InvariantCulture)} ({of(one) / of(rounds[0]):0.00})");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
