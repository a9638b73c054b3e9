using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.ColdStart;

/// <summary>The server's start beside (e), a bare ASP.NET Core app with a table client.</summary>
internal static class ServerStarts
{
    private const double Target = 1.25;

    public static async Task MeasureAsync(
        string server,
        string bare,
        AzuriteServer azurite,
        UpstreamProcess upstream,
        int starts,
        MeasurementTable statistics
    )
    {
        var settings = MeasuredServer.SettingsOf(azurite, upstream, "Start");
        var (ours, theirs) = (new Samples(), new Samples());
        for (var round = -1; round < starts; round++)
        {
            var (them, us) = (await StartedAsync(bare, settings), await StartedAsync(server, settings));
            if (round >= 0)
            {
                Console.WriteLine(FormattableString.Invariant($"  start {round + 1}: ours {us:0} ms, (e) {them:0} ms"));
                theirs.Add(them);
                ours.Add(us);
            }
        }

        statistics.AddRatio(
            "server: start to the first 200 on `/api/health/live`",
            ours,
            "(e)",
            theirs,
            "ms",
            Target,
            "loading and compiling code"
        );
    }

    private static async Task<double> StartedAsync(string assembly, Dictionary<string, string?> settings)
    {
        await using var process = await ServerProcess.StartAsync(assembly, settings);
        return process.Started.TotalMilliseconds;
    }
}
