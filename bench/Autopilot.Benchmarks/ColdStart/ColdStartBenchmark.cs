using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.ColdStart;

/// <summary>Starts and memory of both hosts, each beside the least that such a program could be, all published alike.</summary>
internal static class ColdStartBenchmark
{
    private const string OlderBuild = "f86d820",
        Server = "src/Autopilot.Server",
        FunctionApp = "src/Autopilot.Functions";

    private const string BareServer = "bench/Autopilot.BareApp",
        BareFunctionApp = "bench/Autopilot.BareFunctionApp";

    /// <summary>What can be measured alone.</summary>
    public static string[] Groups => ["function", "server"];

    /// <param name="starts">Starts of each program, alternating, after one that is not counted.</param>
    /// <param name="only">One of <see cref="Groups"/>; null for all.</param>
    /// <param name="publish">Whether to publish the programs first; otherwise an earlier run has.</param>
    /// <param name="measure">Whether to measure them.</param>
    /// <returns>The exit code: 1 when a target is missed.</returns>
    public static async Task<int> RunAsync(int starts, string? only, bool publish, bool measure)
    {
        var (folder, olderFolder) = (
            Path.Combine(AppContext.BaseDirectory, "published"),
            Path.Combine(AppContext.BaseDirectory, $"published-{OlderBuild}")
        );
        var (ofFunctions, ofServer) = (only is null or "function", only is null or "server");
        if (publish)
        {
            foreach (
                var project in (string[])
                    [
                        .. ofFunctions ? [FunctionApp, BareFunctionApp] : Array.Empty<string>(),
                        .. ofServer ? [Server, BareServer] : Array.Empty<string>(),
                    ]
            )
            {
                await PublishedProgram.PublishAsync(folder, project);
            }

            if (ofServer)
            {
                await PublishedProgram.PublishAtAsync(OlderBuild, olderFolder, Server);
            }
        }

        if (!measure)
        {
            return 0;
        }

        var statistics = new MeasurementTable();
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine });
        await using var upstream = await UpstreamProcess.StartAsync();
        await upstream.SetAsync(0, 0);
        if (ofFunctions)
        {
            var bare = PublishedProgram.AssemblyOf(folder, BareFunctionApp);
            await FunctionStarts.MeasureAsync(
                PublishedProgram.AssemblyOf(folder, FunctionApp),
                bare,
                azurite,
                upstream,
                starts,
                statistics
            );
        }

        if (ofServer)
        {
            var (ours, bare) = (PublishedProgram.AssemblyOf(folder, Server), PublishedProgram.AssemblyOf(folder, BareServer));
            await ServerStarts.MeasureAsync(ours, bare, azurite, upstream, starts, statistics);
            await ServerMemory.MeasureAsync(
                ours,
                OlderBuild,
                PublishedProgram.AssemblyOf(olderFolder, Server),
                azurite,
                upstream,
                statistics
            );
        }

        Console.WriteLine("-----");
        Console.WriteLine(statistics.ToMarkdown());
        return statistics.AllMet ? 0 : 1;
    }
}
