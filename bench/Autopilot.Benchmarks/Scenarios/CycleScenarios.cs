using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>A cycle over 1,000 workflows beside the yardsticks (a), (b) and (c), with an upstream that takes 20 ms and one that takes none, with nothing changed and with everything changed.</summary>
internal sealed class CycleScenarios(AzuriteServer azurite, UpstreamProcess upstream, BusyProcesses processes, int rounds, FigureTable figures)
{
    private const int N = ScenarioRun.Workflows, WarmUp = 30;

    public async Task RunAsync()
    {
        using var yardsticks = new Yardsticks(azurite, upstream, N);
        await upstream.SetAsync(0, 0);
        var document = await yardsticks.DocumentAsync();
        foreach (var latency in (int[])[20, 0])
        {
            var measured = new Dictionary<string, List<Busy>> { ["unchanged"] = [], ["changed"] = [], ["a"] = [], ["b"] = [], ["c"] = [] };
            for (var round = -1; round < rounds; round++)
            {
                // Tables of their own for each round: an emulator grows slower with every row that a round leaves behind.
                await upstream.SetAsync(0, 0);
                await using var server = await MeasuredServer.StartAsync(azurite, upstream);
                await server.FillAsync(N);
                // A process that polls every minute has its code compiled well.
                for (var cycle = 0; round < 0 && cycle < WarmUp; cycle++)
                {
                    await upstream.SetAsync(0, cycle % 2 == 0 ? N : 0);
                    await server.CycleAsync(N, N);
                    await server.CycleAsync(N, 0);
                    await yardsticks.ObviousFunctionAsync();
                }

                var inserts = await yardsticks.NewTableAsync();
                await upstream.SetAsync(latency, 0);

                var one = new Dictionary<string, Busy>
                {
                    ["a"] = await processes.MeasureAsync(yardsticks.BareReadsAsync),
                    ["unchanged"] = await processes.MeasureAsync(() => server.CycleAsync(N, 0)),
                    ["b"] = await processes.MeasureAsync(yardsticks.ObviousFunctionAsync),
                };
                await upstream.SetAsync(latency, N);
                one["changed"] = await processes.MeasureAsync(() => server.CycleAsync(N, N));
                one["c"] = await processes.MeasureAsync(() => yardsticks.SingleInsertsAsync(inserts, document));
                await inserts.DeleteAsync();
                Console.WriteLine($"  {(round < 0 ? "warm-up" : $"round {round + 1}")}, {latency} ms: {string.Join(", ", one.Select(each => $"{each.Key} {each.Value}"))}");
                if (round < 0)
                    continue;
                foreach (var (name, busy) in one)
                    measured[name].Add(busy);
            }

            if (latency > 0)
            {
                Compare($"unchanged cycle, {latency} ms", "unchanged", "a", 0.94);
                Compare($"changed cycle, {latency} ms", "changed", "a", 0.85);
            }
            else
            {
                Compare("unchanged cycle, 0 ms", "unchanged", "a", 0.20);
                Compare("unchanged cycle, 0 ms", "unchanged", "b", 3);
                Compare("changed cycle, 0 ms", "changed", "b", 1.2);
                Compare("changed cycle, 0 ms", "changed", "c", 1);
            }

            void Compare(string name, string ours, string theirs, double target)
            {
                var (us, them) = (RatesOf(measured[ours]), RatesOf(measured[theirs]));
                var ratio = us.Median / them.Median;
                var each = Samples.Of(measured[ours].Zip(measured[theirs], (mine, yours) => yours.Took / mine.Took));
                figures.Add(new Figure(
                    name, $"{us.ToString("0")}/s", $"({theirs}) {them.ToString("0")}/s", FormattableString.Invariant($"{ratio:0.00} ({each.Min:0.00}–{each.Max:0.00})"), FormattableString.Invariant($"≥ {target:0.00}"), ratio >= target, Busy.Tell(measured[ours])));
            }
        }
    }

    private static Samples RatesOf(IEnumerable<Busy> measured) => Samples.Of(measured.Select(busy => N / busy.Took.TotalSeconds));
}
