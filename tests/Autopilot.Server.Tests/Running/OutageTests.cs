using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Autopilot.Azurite;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Running;

/// <summary>Storage that is not there when the server starts.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task A_server_that_starts_without_its_storage_says_so_and_goes_to_work_when_it_comes()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        await azurite.StopAsync();
        var fleet = SimulatedFleet.Create(5, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["PollSchedule"] = "* * * * * *";
        await using var server = await ServerProcess.ServeAsync(settings);

        using (var live = await server.Client.GetAsync("/api/health/live"))
        {
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        using (var ready = await server.Client.GetAsync("/api/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            var problem = await ready.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("StorageUnavailable", problem.GetProperty("code").GetString());
        }
        using (var list = await server.Client.GetAsync("/api/workflows"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, list.StatusCode);
            Assert.NotNull(list.Headers.RetryAfter);
        }
        await server.SaidAsync("Cycle: polled 0");

        await azurite.ResumeAsync();
        await ReadyAsync(server);
        await server.SaidAsync("changed 5");
        Assert.Equal(5, (await server.Client.ListAsync()).Count);
        Assert.DoesNotContain("   at ", server.Output + server.Error, StringComparison.Ordinal);
    }

    // Readiness is looked up every ten seconds at most.
    private static async Task ReadyAsync(ServerProcess server)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            using var ready = await server.Client.GetAsync("/api/health/ready");
            if (ready.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(90), $"It never became ready: {server.Output}{server.Error}");
            await Task.Delay(250);
        }
    }
}
