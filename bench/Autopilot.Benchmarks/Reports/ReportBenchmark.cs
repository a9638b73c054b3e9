using System.Diagnostics;
using System.Globalization;
using Autopilot.Azurite;
using Autopilot.Core.Reporting;
using Autopilot.Server;
using Autopilot.Storage;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Settings;
using Azure.Core;
using Azure.Data.Tables;

namespace Autopilot.Benchmarks.Reports;

/// <summary>
/// What a report costs beside merely reading its rows, in one run, alternating: over twelve months, with the twelve before, and again with
/// many more runs outside. The server is the real one on loopback, in this process.
/// </summary>
/// <remarks>
/// The local table service scans every row of a table for every page; the real one does not. With rows outside the range, every request
/// takes longer there. So the time spent waiting for the service is measured separately, and merely reading the same rows is the yardstick.
/// </remarks>
internal static class ReportBenchmark
{
    private const double Target = 1.5;

    private const string Prefix = "Bench";

    private static readonly DateTimeOffset To = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        From = To.AddYears(-1),
        PreviousFrom = From - (To - From);

    /// <summary>The most that one query may span, with the runs outside in its first years.</summary>
    private static readonly DateTimeOffset OutsideFrom = To.AddYears(-5),
        OutsideTo = To.AddYears(-3);

    public static async Task<int> RunAsync(int runs, int outside, int rounds)
    {
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine });
        var watch = new StorageTraffic();
        await using var server = Server(azurite.ConnectionString, watch);
        await server.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Urls.Single()), Timeout = TimeSpan.FromMinutes(10) };
        var options = new TableClientOptions();
        options.AddPolicy(watch, HttpPipelinePosition.PerRetry);
        var table = new TableClient(azurite.ConnectionString, Prefix + "Runs", options);
        await table.CreateAsync();

        Func<Task> Reading(DateTimeOffset from) => () => ReadRowsAsync(table, from);
        Func<Task> Report(bool previous) =>
            async () =>
            {
                using var response = await http.GetAsync(
                    new Uri($"/api/reports/upgrades?groupBy=month&{Range(From)}&previous={(previous ? "true" : "false")}", UriKind.Relative)
                );
                response.EnsureSuccessStatusCode();
                await response.Content.ReadAsByteArrayAsync();
            };

        await StoreAsync(table, SampleUpgrades.Between(From, To, runs, seed: 1));
        Console.WriteLine(Invariant($"{runs} runs of 12 months"));
        var (rows, report) = await CompareAsync(rounds, watch, Reading(From), Report(previous: false));
        var few = await StreamAsync(http, From);

        await StoreAsync(table, SampleUpgrades.Between(PreviousFrom, From, runs, seed: 2));
        Console.WriteLine(Invariant($"with the 12 months before and their {runs} runs"));
        await CompareAsync(rounds, watch, Reading(PreviousFrom), Report(previous: true));

        await StoreAsync(table, SampleUpgrades.Between(OutsideFrom, OutsideTo, outside - runs, seed: 3));
        Console.WriteLine(Invariant($"{runs} runs of 12 months, and {outside} outside"));
        var (rowsBeside, reportBeside) = await CompareAsync(rounds, watch, Reading(From), Report(previous: false));
        var many = await StreamAsync(http, OutsideFrom);

        var same = (report.Requests, report.Bytes) == (reportBeside.Requests, reportBeside.Bytes);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"report / reading: {report.Total.Median / rows.Total.Median:0.00} (at most {Target:0.00}); with {outside} outside "
                    + $"{reportBeside.Total.Median / rowsBeside.Total.Median:0.00}"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"requests and bytes with {outside} outside: {(same ? "the same" : "DIFFERENT")}; the report's own time "
                    + $"{report.Own.Median:0} ms without and {reportBeside.Own.Median:0} ms with them"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"csv: {few.Lines} runs at most {few.PeakMiB:0.0} MiB, {many.Lines} runs at most {many.PeakMiB:0.0} MiB of live "
                    + $"managed memory above the idle server's"
            )
        );
        return same && report.Total.Median / rows.Total.Median <= Target ? 0 : 1;
    }

    private static WebApplication Server(string connectionString, StorageTraffic watch) =>
        ServerApp.Create(
            ["--urls", "http://127.0.0.1:0"],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        // Not called: nothing is polled here.
                        ["Cce:Endpoint"] = "http://127.0.0.1:9",
                        ["Cce:AccessKey"] = "AK",
                        ["Cce:SecretKey"] = "SK",
                        ["AutopilotStorage"] = connectionString,
                        ["Storage:TablePrefix"] = Prefix,
                        ["PollSchedule"] = "disabled",
                        ["RetentionSchedule"] = "disabled",
                    }
                );
                builder.Services.PostConfigure<StorageOptions>(storage =>
                    storage.ConfigureClient = client => client.AddPolicy(watch, HttpPipelinePosition.PerRetry)
                );
            }
        );

    /// <summary>The same requests as the store makes, and nothing done with the answers but what the client library does.</summary>
    private static async Task ReadRowsAsync(TableClient table, DateTimeOffset from)
    {
        foreach (var filter in RunRow.FiltersOf(new RunQuery(from, To)))
        {
            await foreach (var row in table.QueryAsync<TableEntity>(filter))
            {
                _ = row.RowKey;
            }
        }
    }

    private static async Task StoreAsync(TableClient table, IEnumerable<FinishedUpgrade> runs)
    {
        var began = Stopwatch.GetTimestamp();
        var batches = runs.Select(run => RunRow.Of(run).Entity)
            .GroupBy(row => row.PartitionKey)
            .SelectMany(month => month.Chunk(100))
            .ToList();
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (batch, token) =>
                await table.SubmitTransactionAsync(
                    batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                    token
                )
        );
        Console.WriteLine(
            Invariant($"({batches.Sum(batch => batch.Length)} rows stored in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s)")
        );
    }

    private static async Task<(Measured Rows, Measured Report)> CompareAsync(
        int rounds,
        StorageTraffic watch,
        Func<Task> rows,
        Func<Task> report
    )
    {
        List<Sample> reading = [],
            reporting = [];
        for (var round = -1; round < rounds; round++)
        {
            var (one, other) = (await MeasureAsync(watch, rows), await MeasureAsync(watch, report));
            // The first is the warm-up.
            if (round >= 0)
            {
                reading.Add(one);
                reporting.Add(other);
            }
        }

        var (merely, whole) = (Measured.Of(reading), Measured.Of(reporting));
        Console.WriteLine($"  merely reading: {merely}");
        Console.WriteLine($"  report:         {whole}");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  ratio of the medians {whole.Total.Median / merely.Total.Median:0.00}, of each round "
            ) + string.Join(", ", reporting.Zip(reading, (a, b) => Invariant($"{a.Total / b.Total:0.00}")))
        );
        return (merely, whole);
    }

    private static async Task<Sample> MeasureAsync(StorageTraffic watch, Func<Task> action)
    {
        GC.Collect();
        watch.Reset();
        var began = Stopwatch.GetTimestamp();
        await action();
        var took = Stopwatch.GetElapsedTime(began);
        return new Sample(took.TotalMilliseconds, (took - watch.Waited).TotalMilliseconds, watch.Requests, watch.Bytes);
    }

    /// <summary>
    /// Reads the CSV as it comes and keeps none of it; meanwhile all garbage is collected again and again, so that what is left was really
    /// held.
    /// </summary>
    private static async Task<(long Lines, double PeakMiB)> StreamAsync(HttpClient http, DateTimeOffset from)
    {
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        var (lines, peak) = (0L, idle);
        using var response = await http.GetAsync(
            new Uri($"/api/reports/runs?format=csv&{Range(from)}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        for (var next = 0L; await body.ReadAsync(buffer) is > 0 and var read; )
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            if (lines >= next)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
                next = lines + 250;
            }
        }

        // The header is one.
        return (lines - 1, (peak - idle) / (1024.0 * 1024));
    }

    private static string Range(DateTimeOffset from) => Invariant($"from={from:yyyy-MM-dd}&to={To:yyyy-MM-dd}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Total">Milliseconds.</param>
    /// <param name="Own">Of them, those in which no answer of the tables was awaited.</param>
    private sealed record Sample(double Total, double Own, int Requests, long Bytes);

    private sealed record Measured(Samples Total, Samples Own, int Requests, long Bytes)
    {
        public static Measured Of(List<Sample> samples)
        {
            if (samples.DistinctBy(sample => (sample.Requests, sample.Bytes)).Count() > 1)
            {
                throw new InvalidOperationException($"Not every round read the same: {string.Join("; ", samples)}");
            }

            return new(
                Samples.Of(samples.Select(one => one.Total)),
                Samples.Of(samples.Select(one => one.Own)),
                samples[0].Requests,
                samples[0].Bytes
            );
        }

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"median {Total.Median:0} ms ({Total.Min:0}–{Total.Max:0}), of it not waiting for the tables {Own.Median:0} ms; "
                    + $"{Requests} reads, {Bytes} bytes"
            );
    }
}
