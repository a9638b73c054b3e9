using Autopilot.Server.Startup;
using Autopilot.Server.Tests.Running;

namespace Autopilot.Server.Tests.Deployment;

/// <summary>The unit of systemd in <c>infra/server</c>, held against the program that it starts.</summary>
public sealed class UnitFileTests(AzuriteFixture azurite)
{
    private static readonly ILookup<string, string> Unit = Repository
        .Text("infra/server/autopilot.service")
        .Split('\n')
        .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
        .Select(line => line.Split('=', 2))
        .ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    [Fact]
    public void It_is_started_again_unless_that_cannot_help()
    {
        Assert.Equal(["always"], Unit["Restart"]);
        Assert.Equal([$"{ServerCommand.Misused} {ServerCommand.Misconfigured}"], Unit["RestartPreventExitStatus"]);
        // The default limit is five starts in ten seconds; a slower pace never meets it.
        Assert.InRange(int.Parse(Assert.Single(Unit["RestartSec"]), null), 3, 30);
    }

    [Fact]
    public async Task Wrong_settings_end_the_program_with_the_code_that_the_unit_knows()
    {
        var settings = TestSettings.Of(azurite.ConnectionString);
        settings["Polling:MaxConcurrency"] = "none";
        await using var server = ServerProcess.Start(settings);

        Assert.Equal(78, await server.ExitAsync());
        Assert.StartsWith("setting: Polling:MaxConcurrency is 'none'", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_time_to_write_what_it_has_read_before_it_is_killed() =>
        Assert.InRange(int.Parse(Assert.Single(Unit["TimeoutStopSec"]), null), 2 * ServerDefaults.ShutdownTimeout.TotalSeconds, 90);

    [Fact]
    public void It_starts_the_program_by_its_name_and_may_do_no_more_than_it_must()
    {
        Assert.EndsWith($"/{typeof(ServerApp).Assembly.GetName().Name}", Assert.Single(Unit["ExecStart"]), StringComparison.Ordinal);
        Assert.Equal(["yes"], Unit["DynamicUser"]);
        Assert.Equal(["yes"], Unit["NoNewPrivileges"]);
        Assert.Equal([""], Unit["CapabilityBoundingSet"]);
        // The runtime compiles while it runs.
        Assert.Empty(Unit["MemoryDenyWriteExecute"]);
    }
}
