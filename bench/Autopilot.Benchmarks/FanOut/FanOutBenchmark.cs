using System.Globalization;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Autopilot.Storage;

namespace Autopilot.Benchmarks.FanOut;

/// <summary>
/// One cycle over many workflows, by real server processes against a simulated upstream that takes its time: inline in one process, and
/// over the queue by a scheduler and its workers. A cycle is measured alike in both, from the schedule's occurrence to the last shard's
/// status, so that dispatch, queue and leases count. Rounds alternate between the modes, for whatever else the machine does.
/// </summary>
internal static class FanOutBenchmark
{
    private const int CyclesPerRound = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(int workflows, int latency, int rounds, int workers)
    {
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { Queues = true, Progress = Console.WriteLine });
        // None of them ends while it is measured.
        var fleet = SimulatedFleet.Create(workflows, seed: 1, stagger: TimeSpan.FromMinutes(1), scenarios: [new LongQueue()]);
        var simulator = new SimulatorOptions { Fleet = fleet };
        await using var upstream = SimulatorApp.Create(simulator, TimeProvider.System);
        await upstream.StartAsync();

        Dictionary<string, string?> Settings(string mode) =>
            new()
            {
                ["Cce__Endpoint"] = upstream.BaseAddress.GetLeftPart(UriPartial.Authority),
                ["Cce__AccessKey"] = simulator.AccessKey,
                ["Cce__SecretKey"] = simulator.SecretKey,
                ["AutopilotStorage"] = azurite.ConnectionString,
                ["Storage__TablePrefix"] = mode,
                ["Polling__FanOut"] = mode,
                ["Polling__WaitingEvery"] = "1",
                ["PollQueue"] = "benchmark",
            };

        var measured = new Dictionary<string, Samples> { ["Inline"] = new(), ["Queue"] = new() };
        var stores = measured.Keys.ToDictionary(mode => mode, mode => Stores(azurite.ConnectionString, mode));
        // Upstream answers at once until all is tracked and has been read once: every round then finds everything due and unchanged, as
        // most ticks do.
        foreach (var store in stores.Values)
        {
            var tracking = store.GetRequiredService<ITrackingStore>();
            await Parallel.ForEachAsync(
                fleet.Workflows,
                new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (workflow, token) =>
                    await tracking.TrackAsync(
                        new WorkflowTarget(workflow.ProjectId, workflow.ClusterId, workflow.Id),
                        null,
                        DateTimeOffset.UtcNow,
                        onlyIfUnknown: false,
                        token
                    )
            );
        }

        for (var round = -1; round < rounds; round++)
        {
            // Without latency first, to store the first states.
            upstream.Faults.Latency = round < 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(latency);
            foreach (var (mode, seconds) in measured)
            {
                var took = await RoundAsync(
                    mode,
                    Settings(mode),
                    stores[mode].GetRequiredService<IShardStatusStore>(),
                    mode == "Inline" ? [null] : ["scheduler", .. Enumerable.Repeat("worker", workers)],
                    workflows,
                    cycles: round < 0 ? 0 : CyclesPerRound
                );
                Console.WriteLine(
                    round < 0
                        ? $"{mode}: first states are stored"
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $"round {round + 1}, {mode}: {string.Join(", ", took.Select(one => $"{one:0.00} s"))}"
                        )
                );
                took.ForEach(seconds.Add);
            }
        }

        var (inline, queue) = (measured["Inline"].Median, measured["Queue"].Median);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{workflows} workflows, {latency} ms upstream: Inline {inline:0.00} s, Queue with {workers} workers {queue:0.00} s "
                    + $"(medians of {measured["Queue"].Count}), Queue / Inline = {queue / inline:0.00}"
            )
        );
        return queue <= inline ? 0 : 1;
    }

    /// <summary>Ticks of fresh processes: the first warms them up, the others count.</summary>
    private static async Task<List<double>> RoundAsync(
        string mode,
        Dictionary<string, string?> settings,
        IShardStatusStore statuses,
        string?[] roles,
        int workflows,
        int cycles
    )
    {
        // Far enough apart for any cycle.
        settings["PollSchedule"] = "*/20 * * * * *";
        var processes = new List<ServerProcess>();
        var took = new List<double>();
        var schedule = Schedule.TryParse(settings["PollSchedule"]!)!;
        try
        {
            foreach (var role in roles)
            {
                processes.Add(await ServerProcess.StartAsync(ServerProcess.Built, settings, role is null ? [] : [$"--role={role}"]));
            }

            var began = DateTimeOffset.UtcNow;
            // A scheduler that starts runs a late tick at once; only an occurrence that every process has waited for counts.
            var done = await DoneAsync(statuses, schedule.NextAfter(began.AddSeconds(6)), mode);
            while (took.Count < cycles)
            {
                var occurrence = schedule.NextAfter(done);
                done = await DoneAsync(statuses, occurrence, mode);
                var polled = (await statuses.ReadAllAsync(CancellationToken.None)).Sum(status => status!.Polled);
                if (polled != workflows)
                {
                    throw new InvalidOperationException($"{mode}: {polled} of {workflows} workflows were polled.");
                }

                took.Add((done - occurrence).TotalSeconds);
            }

            return took;
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }
    }

    /// <summary>When the last shard completed its cycle of this occurrence.</summary>
    private static async Task<DateTimeOffset> DoneAsync(IShardStatusStore statuses, DateTimeOffset occurrence, string mode)
    {
        var until = occurrence + Patience;
        while (DateTimeOffset.UtcNow < occurrence)
        {
            await Task.Delay(200);
        }

        while (true)
        {
            await Task.Delay(250);
            var read = await statuses.ReadAllAsync(CancellationToken.None);
            if (read.All(status => status?.StartedAt >= occurrence && status.CompletedAt >= occurrence))
            {
                return read.Max(status => status!.CompletedAt!.Value);
            }

            if (DateTimeOffset.UtcNow > until)
            {
                throw new TimeoutException($"{mode}: the cycle of {occurrence:O} did not end.");
            }
        }
    }

    private static ServiceProvider Stores(string connectionString, string prefix)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?> { ["AutopilotStorage"] = connectionString, ["Storage:TablePrefix"] = prefix }
            )
            .Build();
        return new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddAutopilotStorage(configuration)
            .BuildServiceProvider();
    }
}
