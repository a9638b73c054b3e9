using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Azurite;
using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;
using Autopilot.Simulator.Lives;

namespace Autopilot.EndToEnd.Tests.Chaos;

/// <summary>Promise 1: no change is lost, none is told twice, whatever crashes, overlaps or loses its answer.</summary>
public sealed class ChaosTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int Workflows = 200;

    private const int MinKills = 8;

    /// <summary>A state that upstream showed for this long was observed by somebody: two pollers with a tick of a second, one of them alive at any moment.</summary>
    private static readonly TimeSpan SurelySeen = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Whatever_is_killed_or_cut_each_observed_state_is_in_the_history_once_and_in_order()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var dice = new Random(20260101);
        var clock = TimeProvider.System;
        await using var tables = await FaultyStorageService.StartAsync(azurite.Server.TableEndpoint, seed: 1);
        var fleet = SimulatedFleet.Create(Workflows, seed: 7, lives: [new SmoothUpgrade(), new FailedPreCheckRetried(), new FailedClusterRetried(), new RolledBack(), new Cancelled()]);
        await using var upstream = SimulatorApp.Create(new SimulatorOptions { Fleet = fleet, Pace = 80 }, clock);
        await upstream.StartAsync(cancellation);

        var settings = Settings(upstream.BaseAddress, tables.Address);
        using var all = new DisposableList();
        var generations = new List<ServerProcess>[] { [], [] };
        foreach (var generation in generations)
            generation.Add(all.Add(await ServerProcess.StartAsync(settings)));
        using var http = new HttpClient();
        foreach (var workflow in fleet.Workflows)
        {
            using var tracked = await http.PutAsJsonAsync(new Uri(generations[0][0].Address, $"/api/workflows/{workflow.Id}"), new { workflow.ClusterId, workflow.ProjectId }, cancellation);
            Assert.Equal(HttpStatusCode.Created, tracked.StatusCode);
        }

        // The lives run for about a minute; meanwhile one of the two is killed every few seconds, and writes lose their answers.
        tables.Faults = 0.08;
        var until = clock.GetUtcNow().AddSeconds(55);
        var kills = 0;
        // On a busy machine a kill and a start take long: what makes it hard is the kills, not the seconds.
        while (clock.GetUtcNow() < until || kills < MinKills)
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + 3 * dice.NextDouble()), cancellation);
            var victim = generations[kills++ % 2];
            victim[^1].Kill();
            await Task.Delay(TimeSpan.FromSeconds(dice.NextDouble()), cancellation);
            victim.Add(all.Add(await ServerProcess.StartAsync(settings)));
        }

        // Calm: what is still to come is read until nothing moves any more.
        tables.Faults = 0;
        var server = generations[0][^1].Address;
        var calmBy = clock.GetUtcNow().AddMinutes(2);
        for (var quiet = 0; quiet < 2;)
        {
            Assert.True(clock.GetUtcNow() < calmBy, "the cycles never became quiet: " + string.Join('\n', generations[0][^1].Output.TakeLast(20)));
            using var answer = await http.PostAsync(new Uri(server, "/api/poll"), null, cancellation);
            var cycle = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            quiet = cycle.GetProperty("changed").GetInt32() == 0 && cycle.GetProperty("complete").GetBoolean() ? quiet + 1 : 0;
        }

        var (states, surely) = await Histories.AssertAsync(http, server, fleet, upstream, SurelySeen, cancellation);

        // And it was hard.
        int Told(string figure) => generations.SelectMany(g => g).Sum(s => s.Told(figure));
        output.WriteLine($"{states} states of {Workflows} workflows, {surely} of them shown for over {SurelySeen.TotalSeconds} s; {kills} kills, {tables.CutBefore} writes cut before and {tables.CutAfter} after they were applied, {Told("conflicts")} conflicts, {Told("ambiguous")} ambiguous");
        Assert.All(generations, g => Assert.True(g.Sum(s => s.Told("changed")) > 0, "one of the two servers has written nothing"));
        Assert.True(Told("conflicts") > 0, "no write met another's");
        Assert.True(Told("ambiguous") > 0, "no answer to a write was lost");
        Assert.True(tables.CutAfter > 0, "no write was applied and its answer lost");
        Assert.True(surely >= Workflows / 40, "hardly any state was shown long enough to be missed");
    }

    internal static Dictionary<string, string> Settings(Uri upstream, Uri tables)
    {
        var simulator = new SimulatorOptions();
        return new Dictionary<string, string>
        {
            ["Cce__Endpoint"] = upstream.GetLeftPart(UriPartial.Authority),
            ["Cce__AccessKey"] = simulator.AccessKey,
            ["Cce__SecretKey"] = simulator.SecretKey,
            ["AutopilotStorage"] = $"DefaultEndpointsProtocol=http;AccountName={AzuriteServer.AccountName};AccountKey={AzuriteServer.AccountKey};TableEndpoint={new Uri(tables, AzuriteServer.AccountName)};",
            ["PollSchedule"] = "* * * * * *",
            ["Polling__WaitingEvery"] = "1",
        };
    }

    internal sealed class DisposableList : List<ServerProcess>, IDisposable
    {
        public new ServerProcess Add(ServerProcess server)
        {
            base.Add(server);
            return server;
        }

        public void Dispose() => ForEach(s => s.Dispose());
    }
}
