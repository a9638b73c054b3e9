using System.Globalization;
using Autopilot.Simulator;
using Autopilot.Simulator.Faults;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;
using Autopilot.Simulator.Serving;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>
/// Guarantee 1, and that a process lasts: two real servers on one storage, killed again and again, with upstream and tables that fail in
/// every way and clocks that jump by an hour. Two minutes with 300 workflows by default, the last few seconds without faults;
/// <c>AUTOPILOT_ENDURANCE_MINUTES=20</c> and <c>AUTOPILOT_ENDURANCE_WORKFLOWS=2000</c> make it a long one. Its result is in the test's
/// output, and in the file that <c>AUTOPILOT_ENDURANCE_REPORT</c> names.
/// </summary>
public sealed class EnduranceTests(AzuriteFixture azurite, ITestOutputHelper output) : IDisposable
{
    private const int MinKills = 8;

    /// <summary>
    /// Lines of a warning or worse that one cycle may cost, however many reads fail in it: one for each way to fail, and each shard that
    /// could not be written.
    /// </summary>
    private const int MaxComplaints = 40;

    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);

    private readonly double _minutes = Setting("AUTOPILOT_ENDURANCE_MINUTES", 1.8);
    private readonly int _workflows = (int)Setting("AUTOPILOT_ENDURANCE_WORKFLOWS", 300);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("autopilot-endurance");
    private readonly ServerProcesses _all = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private bool IsLong => _minutes >= 5;

    /// <summary>As often as this machine can poll them all twice.</summary>
    private TimeSpan Tick => TimeSpan.FromSeconds(IsLong ? 10 : 2);

    /// <summary>
    /// A state that upstream served over this long, and at least three times to processes that lived to write it, is in the history: no
    /// back-off, outage or throttling in the way lasts longer.
    /// </summary>
    private TimeSpan SurelySeen => IsLong ? TimeSpan.FromSeconds(120) : TimeSpan.FromSeconds(20);

    private TimeSpan Turmoil => TimeSpan.FromMinutes(_minutes);

    [Fact]
    public async Task With_kills_cuts_and_wrong_clocks_each_observed_state_is_stored_once_no_leaks()
    {
        await using var tables = await FaultyStorageService.StartAsync(azurite.Server.TableEndpoint, seed: 1);
        // Two kinds never end, so that there is something to read for as long as it takes.
        var fleet = SimulatedFleet.Create(
            _workflows,
            seed: 7,
            scenarios:
            [
                new SmoothUpgrade(),
                new FailedPreCheckRetried(),
                new FailedClusterRetried(),
                new RolledBack(),
                new Cancelled(),
                new Stalled(),
                new AwaitingConfirmation(),
            ]
        );
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        await TrackAsync(http, tables, fleet);

        // An upgrade of a hundred minutes fits into it. The scenarios begin when everything is tracked, however long that took.
        var simulator = new SimulatorOptions
        {
            Fleet = fleet,
            Pace = 100 / _minutes,
            TokenLifetime = TimeSpan.FromMinutes(45),
        };
        await using var upstream = SimulatorApp.Create(simulator, TimeProvider.System);
        await upstream.StartAsync(Cancel);
        var slots = new[]
        {
            new Slot("0", Iam(Settings(upstream.BaseAddress, tables), simulator), _folder, _all),
            new Slot("1", Settings(upstream.BaseAddress, tables), _folder, _all),
        };
        await Task.WhenAll(slots.Select(slot => slot.StartAsync()));

        var began = TimeProvider.System.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var weather = new Weather(upstream.Faults, tables, _workflows, Tick);
        var (footprints, jumps) = (new List<(TimeSpan At, ProcessFootprint Footprint)>(), 0);
        var around = Task.WhenAll(
            weather.RunAsync(Turmoil / (IsLong ? 16 : 10), over.Token),
            SetClocksAsync(slots, () => jumps++, over.Token),
            WatchAsync(slots[1], footprints, over.Token)
        );
        var kills = await KillAsync(slots, over.Token);
        await over.CancelAsync();
        await around;

        foreach (var slot in slots)
        {
            slot.Clock.Offset = TimeSpan.Zero;
        }

        await ServerProcesses.CalmAsync(http, slots[0].Current, TimeSpan.FromMinutes(IsLong ? 6 : 3), Cancel);
        // The first server's requests come with a token, the other's are signed.
        bool IsKept(ServedResponse answer) => slots[answer.ByToken ? 0 : 1].Servers.Exists(server => server.HasWrittenSince(answer.At));
        var (states, surely) = await Histories.AssertAsync(http, slots[0].Current.Address, fleet, upstream, SurelySeen, IsKept, Cancel);
        foreach (var slot in slots)
        {
            Assert.Equal(0, await slot.Current.StopAsync(Cancel));
        }

        var flat = AssertNothingLeaks(footprints);
        var reported = AssertTold(slots);
        Report(
            $"""
            | what | how much |
            |---|---|
            | workflows; how long it was hard, and with the calm after it | {_workflows:N0}; {_minutes:0.#} min, {TimeProvider.System.GetElapsedTime(
                began
            ).TotalMinutes:0.0} min |
            | states in the histories: each once, in order, the last one current | {states:N0} |
            | of them served over {SurelySeen.TotalSeconds:0} s or more, and none of these missed | {surely:N0} |
            | servers killed; clocks set by an hour | {kills}; {jumps} |
            | upstream: answers | {upstream.Requests.Count():N0} |
            | upstream: throttled, broken, slow or nonsense | {upstream.Requests.Count(status: 429):N0} × 429, {upstream.Requests.Count(
                status: 500
            ):N0} × 500, {upstream.Requests.Count(status: 0):N0} cut, {Struck(
                upstream.Faults,
                FaultKind.SlowBody,
                FaultKind.SlowHeaders
            ):N0} slow, {Struck(upstream.Faults, FaultKind.MalformedJson, FaultKind.Html, FaultKind.Huge):N0} nonsense |
            | tables: cut before and after the write, busy | {tables.CutBefore:N0}, {tables.CutAfter:N0}, {tables.Failed:N0} |
            | writes that met another's; whose outcome was read back | {_all.Told("conflicts"):N0}; {_all.Told("ambiguous"):N0} |
            | reads that failed; lines of a warning or worse that told of everything, and most of them in one cycle | {_all.Told(
                "failed"
            ):N0}; {_all.Sum(server => server.ComplaintsByCycle.Sum()):N0}, {_all.Max(server => server.ComplaintsByCycle.Max())} |
            | the one that was left alive: early, late | {flat} |
            | its counters and its log | {reported} |
            """
        );

        // And it was hard.
        Assert.All(
            slots,
            slot => Assert.True(slot.Servers.Sum(server => server.Told("changed")) > 0, "one of the two servers has written nothing")
        );
        Assert.True(_all.Told("conflicts") > 0, "no write met another's");
        Assert.True(_all.Told("ambiguous") > 0, "no answer to a write was lost");
        Assert.True(tables.CutAfter > 0, "no write was applied and its answer lost");
        Assert.True(_all.Told("failed") > 0, "no read failed");
        Assert.True(jumps >= 4, "hardly any clock was set");
        Assert.True(surely >= _workflows / 40, "hardly any state was shown long enough to be missed");
    }

    public void Dispose()
    {
        _all.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task TrackAsync(HttpClient http, FaultyStorageService tables, SimulatedFleet fleet)
    {
        var settings = Settings(new Uri("http://127.0.0.1:9"), tables);
        settings["PollSchedule"] = "disabled";
        using var server = await ServerProcess.StartAsync(settings);
        await ServerProcesses.TrackAsync(http, server.Address, fleet, Cancel);
    }

    private Dictionary<string, string> Settings(Uri upstream, FaultyStorageService tables)
    {
        var settings = ServerProcesses.Settings(upstream, tables.Address);
        settings["Storage__TablePrefix"] = "Endurance";
        settings["PollSchedule"] = $"*/{Tick.TotalSeconds:0} * * * * *";
        settings["Polling__MaxBackoff"] = "00:01:00";
        settings["Polling__CycleBudget"] = "00:00:30";
        return settings;
    }

    private static Dictionary<string, string> Iam(Dictionary<string, string> settings, SimulatorOptions simulator)
    {
        settings.Remove("Cce__AccessKey");
        settings.Remove("Cce__SecretKey");
        settings["Cce__Iam__Endpoint"] = settings["Cce__Endpoint"];
        settings["Cce__Iam__Username"] = simulator.Username;
        settings["Cce__Iam__Password"] = simulator.Password;
        settings["Cce__Iam__DomainName"] = simulator.DomainName;
        settings["Cce__Iam__ProjectName"] = simulator.ProjectName;
        return settings;
    }

    /// <summary>
    /// Kills one of the two every few seconds; after half of the time only ever the first, so that the other shows whether it lasts.
    /// </summary>
    private async Task<int> KillAsync(Slot[] slots, CancellationToken cancellationToken)
    {
        var random = new Random(20260101);
        var (until, half) = (TimeProvider.System.GetUtcNow() + Turmoil, TimeProvider.System.GetUtcNow() + Turmoil / 2);
        var kills = 0;
        // On a busy machine a kill and a start take long: what makes it hard is the kills, not the seconds.
        while (TimeProvider.System.GetUtcNow() < until || kills < MinKills)
        {
            await Task.Delay((IsLong ? 3 : 1) * TimeSpan.FromSeconds(2 + 3 * random.NextDouble()), cancellationToken);
            var victim = TimeProvider.System.GetUtcNow() < half ? slots[kills % 2] : slots[0];
            victim.Current.Kill();
            kills++;
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble()), cancellationToken);
            await victim.StartAsync();
        }

        return kills;
    }

    /// <summary>
    /// Sets the first server's clock ahead, right, behind, right, and so on. Of the other, whose requests are signed with the time of day,
    /// only once in the beginning: upstream then refuses it, and it asks no more than every ten minutes until it is killed.
    /// </summary>
    private async Task SetClocksAsync(Slot[] slots, Action jumped, CancellationToken stop)
    {
        try
        {
            var each = Turmoil / (IsLong ? 30 : 16);
            for (var position = 0; ; position++)
            {
                await Task.Delay(each, stop);
                slots[0].Clock.Offset = (position % 4) switch
                {
                    0 => Jump,
                    2 => -Jump,
                    _ => TimeSpan.Zero,
                };
                jumped();
                if (position is not 2)
                {
                    continue;
                }

                slots[1].Clock.Offset = Jump;
                await Task.Delay(Tick * 1.5, stop);
                slots[1].Clock.Offset = TimeSpan.Zero;
                jumped();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private static async Task WatchAsync(Slot slot, List<(TimeSpan At, ProcessFootprint Footprint)> footprints, CancellationToken stop)
    {
        try
        {
            var (watched, began) = (0, 0L);
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
                var process = slot.Current.Id;
                if (process != watched)
                {
                    footprints.Clear();
                    (watched, began) = (process, TimeProvider.System.GetTimestamp());
                }

                if (ProcessFootprint.Of(process) is { } footprint)
                {
                    footprints.Add((TimeProvider.System.GetElapsedTime(began), footprint));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>
    /// After the first third of its run, a server holds no more handles, sockets and threads than before but for a few, and a quarter and
    /// 32 MB more of memory at most (in the short form 96 MB: it has hardly warmed up).
    /// </summary>
    private string AssertNothingLeaks(List<(TimeSpan At, ProcessFootprint Footprint)> footprints)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "not measured on this system";
        }

        Assert.True(footprints.Count >= 9, $"only {footprints.Count} looks at the server that was left alive");
        var third = footprints.Count / 3;
        var early = ProcessFootprint.Median([.. footprints.Skip(third / 2).Take(third).Select(f => f.Footprint)]);
        var late = ProcessFootprint.Median([.. footprints.TakeLast(third).Select(f => f.Footprint)]);
        var reported = string.Create(
            CultureInfo.InvariantCulture,
            $"{early.Handles} and {late.Handles} handles, {early.Sockets} and {late.Sockets} sockets among them, {early.Threads} and "
                + $"{late.Threads} threads, {early.Megabytes:0} and {late.Megabytes:0} MB resident, over "
                + $"{footprints[^1].At.TotalMinutes:0.0} min"
        );
        Assert.True(late.Handles <= early.Handles + 40, reported);
        Assert.True(late.Sockets <= early.Sockets + 40, reported);
        Assert.True(late.Threads <= early.Threads + 16, reported);
        Assert.True(late.Megabytes <= early.Megabytes * 1.25 + (IsLong ? 32 : 96), reported);
        return reported;
    }

    /// <summary>
    /// A failure is logged once: the counters say what the log says, and a cycle in which hundreds of reads failed has a handful of lines
    /// about it.
    /// </summary>
    private string AssertTold(Slot[] slots)
    {
        Assert.All(
            _all,
            server =>
                Assert.All(
                    server.ComplaintsByCycle,
                    lines =>
                        Assert.True(
                            lines <= MaxComplaints,
                            $"{lines} complaints in one cycle:\n" + string.Join('\n', server.Output.TakeLast(60))
                        )
                )
        );
        foreach (var slot in slots)
        {
            var counters = slot.ReadCounters();
            foreach (var outcome in new[] { "changed", "unchanged", "failed" })
            {
                Assert.Equal(slot.Current.Told(outcome), counters.GetValueOrDefault($"autopilot.polls outcome={outcome}"));
            }
        }

        var left = slots[1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"agree on {left.Current.Told("changed"):N0} changed, {left.Current.Told("unchanged"):N0} unchanged and "
                + $"{left.Current.Told("failed"):N0} failed reads"
        );
    }

    private void Report(FormattableString report)
    {
        var text = FormattableString.Invariant(report);
        output.WriteLine(text);
        if (Environment.GetEnvironmentVariable("AUTOPILOT_ENDURANCE_REPORT") is { Length: > 0 } path)
        {
            File.WriteAllText(path, text + "\n");
        }
    }

    private static int Struck(FaultInjector faults, params FaultKind[] kinds) => kinds.Sum(faults.Struck);

    private static double Setting(string name, double fallback) =>
        double.TryParse(
            Environment.GetEnvironmentVariable(name),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var given
        )
        && given > 0
            ? given
            : fallback;

    /// <summary>One of the two servers, over all of its restarts.</summary>
    private sealed class Slot
    {
        private readonly ServerProcesses _all;
        private readonly Dictionary<string, string> _settings;
        private readonly string _counters;

        public Slot(string name, Dictionary<string, string> settings, DirectoryInfo folder, ServerProcesses all)
        {
            (_all, _settings, _counters) = (all, settings, Path.Combine(folder.FullName, name + ".counters"));
            var clock = Path.Combine(folder.FullName, name + ".clock");
            Clock = JumpingClock.Open(clock);
            foreach (var (variable, value) in ObservedServer.Environs(clock, _counters))
            {
                settings[variable] = value;
            }
        }

        public JumpingClock Clock { get; }

        public List<ServerProcess> Servers { get; } = [];

        public ServerProcess Current => Servers[^1];

        public async Task StartAsync() => Servers.Add(_all.Add(await ServerProcess.StartAsync(_settings)));

        /// <summary>What the last one had counted when it stopped.</summary>
        public Dictionary<string, long> ReadCounters() =>
            File.ReadLines(_counters)
                .Select(line => line.Split('\t'))
                .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
    }
}
