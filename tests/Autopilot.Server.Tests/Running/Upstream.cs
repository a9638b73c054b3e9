using Autopilot.Simulator;
using Autopilot.Simulator.Fleet;

namespace Autopilot.Server.Tests.Running;

/// <summary>A simulated CCE for one test.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private Upstream(SimulatorOptions options, TimeProvider clock)
    {
        Options = options;
        App = SimulatorApp.Create(options, clock);
    }

    public SimulatorOptions Options { get; }

    public SimulatorApp App { get; }

    /// <summary>GETs of workflows so far.</summary>
    public int Reads => App.Requests.Count("/operation/upgradeworkflows");

    public static async Task<Upstream> StartAsync(SimulatedFleet fleet, TimeProvider? clock = null)
    {
        var upstream = new Upstream(new SimulatorOptions { Fleet = fleet }, clock ?? TimeProvider.System);
        await upstream.App.StartAsync();
        return upstream;
    }

    /// <summary>Settings of a server that watches the whole fleet.</summary>
    public Dictionary<string, string?> Settings(string storage, SimulatedFleet fleet)
    {
        var settings = TestSettings.Of(storage, App.BaseAddress);
        settings["Cce:AccessKey"] = Options.AccessKey;
        settings["Cce:SecretKey"] = Options.SecretKey;
        settings["Cce:ProjectId"] = SimulatedFleet.ProjectId(7, 0);
        for (var i = 0; i < fleet.Workflows.Count; i++)
        {
            settings[$"Tracking:Workflows:{i}"] = $"{fleet.Workflows[i].ProjectId}/{fleet.Workflows[i].ClusterId}/{fleet.Workflows[i].Id}";
        }

        return settings;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
