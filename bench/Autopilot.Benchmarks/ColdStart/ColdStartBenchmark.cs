using System.Net.Http.Json;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.ColdStart;

/// <summary>
/// The server's start beside (e), a bare ASP.NET Core app with a table client, and its memory beside an older build of itself, all published alike.
/// </summary>
internal static class ColdStartBenchmark
{
    /// <summary>The build that the memory target names.</summary>
    private const string OlderBuild = "f86d820";

    private const double StartTarget = 1.25, MemoryTarget = 0.7;

    private const int Workflows = 100;

    /// <summary>At least two cycles of the default schedule, and time for the runtime to compile what ran often.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(150);

    /// <param name="starts">Starts of each program, by turns, after one that is not counted.</param>
    /// <returns>The exit code: 1 when a target is missed.</returns>
    public static async Task<int> RunAsync(int starts)
    {
        var figures = new FigureTable();
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { Progress = Console.WriteLine });
        await using var upstream = await UpstreamProcess.StartAsync();
        await upstream.SetAsync(0, 0);
        var folder = Path.Combine(AppContext.BaseDirectory, "published");
        var server = await PublishedProgram.PublishAsync(folder, "src/Autopilot.Server");
        var bare = await PublishedProgram.PublishAsync(folder, "bench/Autopilot.BareApp");
        var older = await PublishedProgram.PublishAtAsync(OlderBuild, Path.Combine(AppContext.BaseDirectory, $"published-{OlderBuild}"), "src/Autopilot.Server");

        var settings = MeasuredServer.SettingsOf(azurite, upstream, "Start");
        var (ours, theirs) = (new Samples(), new Samples());
        for (var round = -1; round < starts; round++)
        {
            var (them, us) = (await StartedAsync(bare, settings), await StartedAsync(server, settings));
            Console.WriteLine(FormattableString.Invariant($"  {(round < 0 ? "warm-up" : $"start {round + 1}")}: ours {us:0} ms, (e) {them:0} ms"));
            if (round >= 0)
            {
                theirs.Add(them);
                ours.Add(us);
            }
        }

        Compare("server: start to the first 200 on `/api/health/live`", ours, "(e)", theirs, "ms", StartTarget, "loading and compiling code");

        // Side by side, each with tables of its own, so that both see the same minutes.
        var (now, before) = (new Samples(), new Samples());
        await using var current = await IdleAsync(server, azurite, upstream, "Now");
        await using var past = await IdleAsync(older, azurite, upstream, "Before");
        await Task.Delay(Idle);
        for (var sample = 0; sample < 10; sample++)
        {
            now.Add(current.ResidentMiB);
            before.Add(past.ResidentMiB);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        Compare($"server: resident memory, idle with {Workflows} active workflows", now, OlderBuild, before, "MiB", MemoryTarget, "the runtime, and the code that is mapped");
        Console.WriteLine("-----");
        Console.WriteLine(figures.ToMarkdown());
        return figures.AllMet ? 0 : 1;

        void Compare(string name, Samples mine, string label, Samples yours, string unit, double target, string limit)
        {
            var ratio = mine.Median / yours.Median;
            figures.Add(new Figure(
                name, $"{mine.ToString("0")} {unit}", $"{label} {yours.ToString("0")} {unit}", FormattableString.Invariant($"{ratio:0.00}"), FormattableString.Invariant($"≤ {target:0.00}"),
                ratio <= target, limit));
        }
    }

    private static async Task<double> StartedAsync(string assembly, Dictionary<string, string?> settings)
    {
        await using var process = await ServerProcess.StartAsync(assembly, settings);
        return process.Started.TotalMilliseconds;
    }

    /// <summary>A server with the default schedules that tracks the workflows.</summary>
    private static async Task<ServerProcess> IdleAsync(string assembly, AzuriteServer azurite, UpstreamProcess upstream, string prefix)
    {
        var settings = MeasuredServer.SettingsOf(azurite, upstream, prefix);
        settings.Remove("PollSchedule");
        settings.Remove("RetentionSchedule");
        var process = await ServerProcess.StartAsync(assembly, settings);
        using var http = new HttpClient { BaseAddress = process.Address };
        for (var number = 0; number < Workflows; number++)
        {
            using var answer = await http.PutAsJsonAsync($"/api/workflows/{Fleet.IdOf(number)}", new { clusterId = Fleet.Cluster, projectId = Fleet.Project });
            answer.EnsureSuccessStatusCode();
        }

        return process;
    }
}
