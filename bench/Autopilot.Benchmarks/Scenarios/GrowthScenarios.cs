using System.Globalization;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>Whether ten times as much costs ten times as much, and whether a long history makes its summary slow.</summary>
internal sealed class GrowthScenarios(
    AzuriteServer azurite,
    UpstreamProcess upstream,
    BusyProcesses processes,
    int rounds,
    MeasurementTable statistics
)
{
    private const int Few = 1_000,
        Many = 10_000,
        Questions = 500;

    private const double Target = 1.2;

    public async Task RunAsync()
    {
        await CyclesAsync();
        await SummariesAsync();
    }

    private async Task CyclesAsync()
    {
        await upstream.SetAsync(0, 0);
        await using var few = await MeasuredServer.StartAsync(azurite, upstream);
        await using var many = await MeasuredServer.StartAsync(azurite, upstream);
        await few.FillAsync(Few);
        await many.FillAsync(Many);
        var (small, large) = (new List<Busy>(), new List<Busy>());
        for (var round = 0; round < rounds; round++)
        {
            // As many workflows in each sample: a single short one would measure noise rather than the cycle.
            small.Add(
                await processes.MeasureAsync(async () =>
                {
                    for (var i = 0; i < Many / Few; i++)
                    {
                        await few.CycleAsync(Few, 0);
                    }
                })
            );
            large.Add(await processes.MeasureAsync(() => many.CycleAsync(Many, 0)));
            Console.WriteLine($"  round {round + 1}: ten cycles over {Few} took {small[^1]}, one over {Many} {large[^1]}");
        }

        Compare("our processor time for a workflow in an unchanged cycle", busy => busy.Own);
        Compare("the same by the clock, with the emulator's work in it", busy => busy.Took);

        void Compare(string name, Func<Busy, TimeSpan> of)
        {
            var (one, ten) = (
                Samples.Of(small.Select(busy => of(busy).TotalMicroseconds / Many)),
                Samples.Of(large.Select(busy => of(busy).TotalMicroseconds / Many))
            );
            var ratio = ten.Median / one.Median;
            statistics.Add(
                new Measurement(
                    name,
                    $"{ten.ToString("0")} µs of 10,000",
                    $"{one.ToString("0")} µs of 1,000",
                    FormattableString.Invariant($"{ratio:0.00}"),
                    FormattableString.Invariant($"≤ {Target:0.00}"),
                    ratio <= Target,
                    Busy.Tell(large)
                )
            );
        }
    }

    private async Task SummariesAsync()
    {
        await upstream.SetAsync(0, 0);
        await using var server = await MeasuredServer.StartAsync(azurite, upstream);
        await server.FillAsync(2);
        await PastAsync(server.Table, Fleet.IdOf(0), 10);
        await PastAsync(server.Table, Fleet.IdOf(1), 10_000);
        using var http = new HttpClient { BaseAddress = server.Address };
        var (shorter, longer) = (new List<Busy>(), new List<Busy>());
        for (var round = -1; round < rounds; round++)
        {
            var (one, other) = (await AskAsync(http, Fleet.IdOf(0)), await AskAsync(http, Fleet.IdOf(1)));
            if (round >= 0)
            {
                shorter.Add(one);
                longer.Add(other);
            }
        }

        var (few, many) = (
            Samples.Of(shorter.Select(busy => busy.Took.TotalMicroseconds / Questions)),
            Samples.Of(longer.Select(busy => busy.Took.TotalMicroseconds / Questions))
        );
        var ratio = many.Median / few.Median;
        statistics.Add(
            new Measurement(
                "summary, one question after the other",
                $"{many.ToString("0")} µs with 10,000 history rows",
                $"{few.ToString("0")} µs with 10",
                FormattableString.Invariant($"{ratio:0.00}"),
                FormattableString.Invariant($"≤ {Target:0.00}"),
                ratio <= Target,
                Busy.Tell(longer)
            )
        );
    }

    private Task<Busy> AskAsync(HttpClient http, string id) =>
        processes.MeasureAsync(async () =>
        {
            for (var i = 0; i < Questions; i++)
            {
                await http.GetByteArrayAsync(new Uri($"/api/workflows/{id}", UriKind.Relative));
            }
        });

    /// <summary>Gives a workflow a past: copies of its one state, older and older.</summary>
    private static async Task PastAsync(TableClient table, string id, int states)
    {
        var partition = Shard.Of(id).Key;
        var last = table
            .Query<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {$"h|{id}|"} and RowKey lt {$"h|{id}}}"}")
            )
            .Single();
        var copies = Enumerable
            .Range(1, states - 1)
            .Select(age => new TableEntity(last)
            {
                RowKey = string.Create(
                    CultureInfo.InvariantCulture,
                    $"h|{id}|{long.Parse(last.RowKey.AsSpan(last.RowKey.LastIndexOf('|') + 1), CultureInfo.InvariantCulture) + age:D10}"
                ),
            });
        foreach (var batch in copies.Chunk(100))
        {
            await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        }
    }
}
