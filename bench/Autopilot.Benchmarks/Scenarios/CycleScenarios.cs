using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>
/// A cycle over 1,000 workflows beside the yardstick (a), with an upstream that takes 20 ms, with nothing changed and with everything
/// changed.
/// </summary>
internal sealed class CycleScenarios(
    AzuriteServer azurite,
    UpstreamProcess upstream,
    BusyProcesses processes,
    int rounds,
    MeasurementTable statistics
)
{
    private const int N = ScenarioRun.Workflows,
        WarmUp = 30,
        Latency = 20;

    public async Task RunAsync()
    {
        using var reads = new BareReads(upstream, N);
        var (bare, unchanged, changed) = (new List<Busy>(), new List<Busy>(), new List<Busy>());
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
                await reads.RunAsync();
            }

            await upstream.SetAsync(Latency, 0);
            var (one, two) = (await processes.MeasureAsync(reads.RunAsync), await processes.MeasureAsync(() => server.CycleAsync(N, 0)));
            await upstream.SetAsync(Latency, N);
            var three = await processes.MeasureAsync(() => server.CycleAsync(N, N));
            Console.WriteLine($"  {(round < 0 ? "warm-up" : $"round {round + 1}")}: bare {one}, unchanged {two}, changed {three}");
            if (round < 0)
            {
                continue;
            }

            bare.Add(one);
            unchanged.Add(two);
            changed.Add(three);
        }

        Compare("unchanged", unchanged, 0.94);
        Compare("changed", changed, 0.85);

        void Compare(string name, List<Busy> measured, double target)
        {
            var (us, them) = (RatesOf(measured), RatesOf(bare));
            var ratio = us.Median / them.Median;
            var each = Samples.Of(measured.Zip(bare, (mine, yours) => yours.Took / mine.Took));
            statistics.Add(
                new Measurement(
                    $"{name} cycle, {Latency} ms",
                    $"{us.ToString("0")}/s",
                    $"(a) {them.ToString("0")}/s",
                    FormattableString.Invariant($"{ratio:0.00} ({each.Min:0.00}–{each.Max:0.00})"),
                    FormattableString.Invariant($"≥ {target:0.00}"),
                    ratio >= target,
                    Busy.Tell(measured)
                )
            );
        }
    }

    private static Samples RatesOf(IEnumerable<Busy> measured) => Samples.Of(measured.Select(busy => N / busy.Took.TotalSeconds));
}
