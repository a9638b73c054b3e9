using System.Globalization;
using System.Runtime.InteropServices;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>
/// The scenarios: our own code beside yardsticks, in one run, alternating. What it prints after the line of dashes is the Markdown of
/// <c>docs/performance.md</c>.
/// </summary>
internal static class ScenarioRun
{
    /// <summary>The groups of figures.</summary>
    public static readonly string[] Groups = ["cycles", "operations", "growth", "memory"];

    /// <summary>Workflows of a cycle, as the targets have it.</summary>
    public const int Workflows = 1_000;

    /// <summary>As <c>Polling:MaxConcurrency</c> is by default.</summary>
    public const int Concurrency = 32;

    public static async Task<int> RunAsync(int rounds, string? only, FileInfo? server)
    {
        var statistics = new MeasurementTable();
        var tables = new List<string>();
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine });
        await using var upstream = await UpstreamProcess.StartAsync();
        var machines = new BusyProcesses(azurite.ProcessId, upstream.Process.Id);

        if (only is null or "cycles")
        {
            await new CycleScenarios(azurite, upstream, machines, rounds, statistics).RunAsync();
        }

        if (only is null or "operations")
        {
            tables.Add(await OperationScenarios.RunAsync(azurite, upstream, statistics));
        }

        if (only is null or "growth")
        {
            await new GrowthScenarios(azurite, upstream, machines, rounds, statistics).RunAsync();
        }

        if (only is null or "memory")
        {
            tables.Add(await MemoryScenario.RunAsync(azurite, upstream, server?.FullName ?? ServerProcess.Built, statistics));
        }

        Console.WriteLine("-----");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores ({Cpu()}), {RuntimeInformation.OSDescription}, "
                    + $".NET {Environment.Version}, medians of {rounds} rounds (min–max)"
            )
        );
        Console.WriteLine();
        Console.WriteLine(statistics.ToMarkdown());
        foreach (var table in tables)
        {
            Console.WriteLine($"{Environment.NewLine}{table}");
        }

        return statistics.AllMet ? 0 : 1;
    }

    private static string Cpu() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]
            : RuntimeInformation.ProcessArchitecture.ToString();
}
