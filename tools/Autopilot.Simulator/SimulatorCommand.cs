using System.Runtime.InteropServices;
using Autopilot.CommandLine;
using Autopilot.Simulator.Time;

namespace Autopilot.Simulator;

/// <summary>The simulator as a command.</summary>
internal static class SimulatorCommand
{
    private const string Notes = """
        It prints the settings with which a server watches it, and runs until Ctrl-C or SIGTERM.

        Exit codes: 0 done, 1 the address is taken, 2 wrong command line
        """;

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        CommandLineProgram.RunAsync(
            SimulatorArguments.CreateCommand(arguments => RunAsync(arguments, output, error)),
            args,
            "the simulator",
            Notes,
            output,
            error
        );

    private static async Task<int> RunAsync(SimulatorArguments arguments, TextWriter output, TextWriter error)
    {
        SimulatorApp app;
        try
        {
            app = SimulatorApp.Create(arguments.Options, new ScaledTimeProvider(TimeProvider.System.GetUtcNow(), arguments.Speed));
        }
        catch (ArgumentException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return CommandLineProgram.WrongUsage;
        }

        await using var running = app;
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception)
        {
            await error.WriteLineAsync($"Cannot listen on {arguments.Options.Url}: {exception.Message}");
            return 1;
        }

        // The settings with which a server watches it, as environment variables.
        await output.WriteLineAsync($"Cce__Endpoint={app.BaseAddress.GetLeftPart(UriPartial.Authority)}");
        await output.WriteLineAsync($"Cce__AccessKey={arguments.Options.AccessKey}");
        await output.WriteLineAsync($"Cce__SecretKey={arguments.Options.SecretKey}");
        if (app.World.Clusters.FirstOrDefault() is { } any)
        {
            await output.WriteLineAsync($"Cce__ProjectId={any.ProjectId}");
        }

        if (arguments.Options.Fleet.Clusters.Count > 0)
        {
            // Upgrades that are still to come are found, and not named.
            foreach (
                var (index, project) in app
                    .World.Clusters.Select(cluster => cluster.ProjectId)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
                    .Index()
            )
            {
                await output.WriteLineAsync($"Tracking__Projects__{index}={project}");
            }
        }
        else
        {
            foreach (var (index, workflow) in app.World.Workflows.OrderBy(w => w.ClusterName, StringComparer.Ordinal).Index())
            {
                await output.WriteLineAsync(
                    $"# {workflow.ClusterName}: "
                        + $"{workflow.Life.Name}\nTracking__Workflows__{index}={workflow.ProjectId}/{workflow.ClusterId}/{workflow.Id}"
                );
            }
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
        await app.StopAsync();
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
