using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Checks;

public sealed class RebuildRunsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_command_says_how_many_runs_it_wrote_and_needs_no_upstream()
    {
        await using var command = ServerProcess.Start(TestSettings.Of(azurite.ConnectionString), "rebuild-runs");
        Assert.Equal((0, ""), (await command.ExitAsync(), command.Error));
        Assert.StartsWith("0 runs were written again", command.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_are_reported_as_such()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["PollSchedule"] = "sometimes";
        await using var command = ServerProcess.Start(settings, "rebuild-runs");
        Assert.Equal(78, await command.ExitAsync());
        Assert.Contains("PollSchedule", command.Error, StringComparison.Ordinal);
    }
}
