using System.Runtime.InteropServices;
using Autopilot.Simulator;
using Autopilot.Simulator.Time;

if (args.Contains("--help"))
{
    Console.Write(CommandLine.Help);
    return 0;
}

CommandLine command;
SimulatorApp app;
try
{
    command = CommandLine.Read(args);
    app = SimulatorApp.Create(command.Options, new ScaledTimeProvider(TimeProvider.System.GetUtcNow(), command.Speed));
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

await using (app)
{
    try
    {
        await app.StartAsync();
    }
    catch (IOException exception)
    {
        Console.Error.WriteLine($"Cannot listen on {command.Options.Url}: {exception.Message}");
        return 1;
    }

    // The settings with which a server watches it, as environment variables.
    Console.WriteLine($"Cce__Endpoint={app.BaseAddress.GetLeftPart(UriPartial.Authority)}");
    Console.WriteLine($"Cce__AccessKey={command.Options.AccessKey}");
    Console.WriteLine($"Cce__SecretKey={command.Options.SecretKey}");
    if (app.World.Clusters.FirstOrDefault() is { } any)
    {
        Console.WriteLine($"Cce__ProjectId={any.ProjectId}");
    }

    if (command.Options.Fleet.Clusters.Count > 0)
    {
        // Upgrades that are still to come are found, and not named.
        foreach (
            var (index, project) in app.World.Clusters.Select(cluster => cluster.ProjectId).Distinct().Order(StringComparer.Ordinal).Index()
        )
        {
            Console.WriteLine($"Tracking__Projects__{index}={project}");
        }
    }
    else
    {
        foreach (var (index, workflow) in app.World.Workflows.OrderBy(w => w.ClusterName, StringComparer.Ordinal).Index())
        {
            Console.WriteLine(
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
