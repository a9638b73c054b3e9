using System.Diagnostics;
using System.Text.RegularExpressions;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Running;

public sealed partial class ShutdownTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Terminated_in_the_middle_of_a_cycle_it_writes_what_it_saw_and_exits_well_in_time()
    {
        var fleet = SimulatedFleet.Create(60, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        upstream.App.Faults.Latency = TimeSpan.FromMilliseconds(500);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["PollSchedule"] = "* * * * * *";
        settings["Polling:MaxConcurrency"] = "2";
        await using var server = await ServerProcess.ServeAsync(settings);
        while (upstream.Reads < 6)
        {
            await Task.Delay(20);
        }

        var watch = Stopwatch.StartNew();
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");

        var cycles = Cycle().Matches(server.Output);
        Assert.Contains("complete False", cycles[^1].Value, StringComparison.Ordinal);
        var changed = cycles.Sum(cycle => int.Parse(cycle.Groups["changed"].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(changed, 4, 59);

        // What the log counted is what is stored: read it with a server of its own.
        settings["PollSchedule"] = "disabled";
        await using var after = await RunningServer.StartAsync(settings);
        Assert.Equal(changed, await after.Client.CountReadAsync());
    }

    [Fact]
    public async Task Terminated_during_a_requested_cycle_it_exits_well_and_in_time()
    {
        var fleet = SimulatedFleet.Create(60, seed: 7);
        await using var upstream = await Upstream.StartAsync(fleet);
        upstream.App.Faults.Latency = TimeSpan.FromMilliseconds(500);
        var settings = upstream.Settings(azurite.ConnectionString, fleet);
        settings["Polling:MaxConcurrency"] = "1";
        await using var server = await ServerProcess.ServeAsync(settings);
        var poll = server.Client.PostAsync("/api/poll", null);
        while (upstream.Reads < 2)
        {
            await Task.Delay(20);
        }

        var watch = Stopwatch.StartNew();
        await server.TerminateAsync();
        Assert.Equal(0, await server.ExitAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
        Assert.InRange(upstream.Reads, 2, 59);
        await Task.WhenAny(poll);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Each_signal_that_stops_it_lets_it_exit_with_0(string signal)
    {
        await using var server = await ServerProcess.ServeAsync(TestSettings.Of(azurite.ConnectionString));

        await server.SignalAsync(signal);

        Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("Application is shutting down", server.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("Cycle: polled [0-9]+, changed (?<changed>[0-9]+),.*")]
    private static partial Regex Cycle();
}
