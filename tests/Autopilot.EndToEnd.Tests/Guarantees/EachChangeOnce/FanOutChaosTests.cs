using System.Net;
using System.Net.Sockets;
using Autopilot.Azurite;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.EndToEnd.Tests.Guarantees.EachChangeOnce;

/// <summary>
/// Guarantee 1 with fan-out: schedulers overlap, workers die in the middle of a shard, messages come twice and answers get lost.
/// </summary>
public sealed class FanOutChaosTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Workflows = 120;

    private const int MinKills = 6;

    /// <summary>
    /// A tick of four seconds, and a lease of four that a dead worker may leave behind: by then another worker has read the queue.
    /// </summary>
    private static readonly TimeSpan SurelySeen = TimeSpan.FromSeconds(15);

    private static readonly string[] Roles = ["worker", "scheduler", "worker", "all"];

    [Fact]
    public async Task With_kills_duplicates_and_cuts_each_observed_state_is_stored_once_in_order()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(20260102);
        var clock = TimeProvider.System;
        await using var tables = await FaultyStorageService.StartAsync(azurite.Server.TableEndpoint, seed: 3);
        await using var queues = await FaultyStorageService.StartAsync(azurite.Server.QueueEndpoint!, seed: 4);
        var fleet = SimulatedFleet.Create(
            Workflows,
            seed: 11,
            scenarios: [new SmoothUpgrade(), new FailedPreCheckRetried(), new FailedClusterRetried(), new RolledBack(), new Cancelled()]
        );
        var address = new Uri($"http://127.0.0.1:{FreePort()}");

        var settings = Settings(address, tables.Address, queues.Address);
        using var all = new ServerProcesses();
        var generations = new List<ServerProcess>[Roles.Length];
        await Task.WhenAll(Roles.Select(async (role, i) => generations[i] = [await ServerProcess.StartAsync(settings, "--role", role)]));
        foreach (var generation in generations)
        {
            all.Add(generation[0]);
        }
        // The scenarios begin when every process is up, however long that took.
        await using var upstream = SimulatorApp.Create(
            new SimulatorOptions
            {
                Fleet = fleet,
                Pace = 60,
                Url = address.GetLeftPart(UriPartial.Authority),
            },
            clock
        );
        await upstream.StartAsync(cancellation);
        // Slow enough that a kill often meets a worker with a shard in its hands.
        upstream.Faults.Latency = TimeSpan.FromMilliseconds(150);
        using var http = new HttpClient();
        await ServerProcesses.TrackAsync(http, generations[0][0].Address, fleet, cancellation);

        (tables.Faults, queues.Faults, queues.Doubles) = (0.06, 0.06, 0.2);
        var until = clock.GetUtcNow().AddSeconds(22);
        var kills = 0;
        while (clock.GetUtcNow() < until || kills < MinKills)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + 2 * random.NextDouble()), cancellation);
            var role = kills++ % Roles.Length;
            generations[role][^1].Kill();
            generations[role].Add(all.Add(await ServerProcess.StartAsync(settings, "--role", Roles[role])));
        }

        // Calm: everything dies, and leases stay behind. A process without a schedule reads what is still to come, once they have run out.
        (tables.Faults, queues.Faults, queues.Doubles) = (0, 0, 0);
        foreach (var generation in generations)
        {
            generation[^1].Kill();
        }

        settings["PollSchedule"] = "disabled";
        var last = all.Add(await ServerProcess.StartAsync(settings));
        await ServerProcesses.CalmAsync(http, last, TimeSpan.FromMinutes(2), cancellation);

        var (states, surely) = await Histories.AssertAsync(http, last.Address, fleet, upstream, SurelySeen, _ => true, cancellation);

        // And it was hard.
        output.WriteLine(
            $"{states} states of {Workflows} workflows, {surely} of them shown for over {SurelySeen.TotalSeconds} s; {kills} kills, "
                + $"{tables.CutBefore + queues.CutBefore} writes cut before and {tables.CutAfter + queues.CutAfter} after they were "
                + $"applied, "
                + $"{queues.Doubled} messages put twice, {all.Said("is being polled by another process and is skipped")} shards "
                + $"skipped, {all.Said("after its tick was over")} messages too late, {all.Told("conflicts")} conflicts, "
                + $"{all.Told("ambiguous")} ambiguous, "
                + $"changes by process: {string.Join(", ", all.Select(s => s.Told("changed")))}"
        );
        Assert.True(
            new[] { 0, 2, 3 }.Count(role => generations[role].Sum(s => s.Told("changed")) > 0) > 1,
            "one worker has done everything"
        );
        Assert.True(queues.Doubled > 0, "no message was put twice");
        Assert.True(all.Said("is being polled by another process and is skipped") > 0, "no shard was ever found taken");
        Assert.True(tables.CutAfter > 0 && queues.CutAfter > 0, "no write was applied and its answer lost");
        Assert.True(all.Told("ambiguous") > 0, "no answer to a write was lost");
        Assert.True(surely >= Workflows / 10, "hardly any state was shown long enough to be missed");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Dictionary<string, string> Settings(Uri upstream, Uri tables, Uri queues)
    {
        var settings = ServerProcesses.Settings(upstream, tables);
        settings["AutopilotStorage"] += $"QueueEndpoint={new Uri(queues, AzuriteServer.AccountName)};";
        settings["Storage__TablePrefix"] = "FanOut";
        settings["PollQueue"] = "fan-out-chaos";
        settings["Polling__FanOut"] = "Queue";
        settings["PollSchedule"] = "*/4 * * * * *";
        settings["Polling__CycleBudget"] = "00:00:03";
        settings["Polling__LeaseMargin"] = "00:00:01";
        return settings;
    }
}
