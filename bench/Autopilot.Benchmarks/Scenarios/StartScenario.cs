using System.Diagnostics;
using System.Runtime.InteropServices;
using Autopilot.Azurite;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>From the start of the process to the first 200 on <c>/api/health/live</c>: our server beside (e), a bare app, both published alike.</summary>
internal static class StartScenario
{
    private const double Target = 1.6;

    public static async Task RunAsync(AzuriteServer azurite, int rounds, FigureTable figures)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "published");
        var (server, bare) = (await PublishAsync(folder, "src/Autopilot.Server"), await PublishAsync(folder, "bench/Autopilot.BareApp"));
        var settings = new Dictionary<string, string?>
        {
            // Nobody is asked: nothing is tracked.
            ["Cce:Endpoint"] = "http://127.0.0.1:9",
            ["Cce:AccessKey"] = "AK",
            ["Cce:SecretKey"] = "SK",
            ["AutopilotStorage"] = azurite.ConnectionString,
            ["Storage:TablePrefix"] = "Start",
        };
        var (ours, theirs) = (new Samples(), new Samples());
        for (var round = -1; round < rounds; round++)
        {
            var (them, us) = (await StartedAsync(bare, settings), await StartedAsync(server, settings));
            if (round >= 0)
            {
                theirs.Add(them);
                ours.Add(us);
            }
        }

        var ratio = ours.Median / theirs.Median;
        figures.Add(new Figure(
            "start to the first 200 on `/api/health/live`", $"{ours.ToString("0")} ms", $"(e) {theirs.ToString("0")} ms", FormattableString.Invariant($"{ratio:0.00}"), FormattableString.Invariant($"≤ {Target:0.00}"), ratio <= Target, "loading and compiling code"));
    }

    private static async Task<double> StartedAsync(string assembly, Dictionary<string, string?> settings)
    {
        await using var process = await ServerProcess.StartAsync(assembly, settings);
        return process.Started.TotalMilliseconds;
    }

    /// <summary>Publishes a project ReadyToRun for this machine, apart from what is built otherwise.</summary>
    private static async Task<string> PublishAsync(string folder, string project)
    {
        var name = Path.GetFileName(project);
        Console.WriteLine($"  publishing {name} ...");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root(), RedirectStandardOutput = true };
        foreach (var argument in (string[])["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "--artifacts-path", folder, "-o", Path.Combine(folder, name), "-v", "q"])
            start.ArgumentList.Add(argument);
        using var publish = Process.Start(start)!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? Path.Combine(folder, name, $"{name}.dll") : throw new InvalidOperationException($"Publishing {project} failed: {said}");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Autopilot.Functions.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The benchmarks are run within the repository.");
    }
}
