using Autopilot.Azurite;
using Autopilot.Benchmarks.ColdStart;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>From the start of the process to the first 200 on <c>/api/health/live</c>: our server beside (e), a bare app, both published alike.</summary>
internal static class StartScenario
{
    private const double Target = 1.6;

    public static async Task RunAsync(AzuriteServer azurite, int rounds, FigureTable figures)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "published");
        var (server, bare) = (await PublishedProgram.PublishAsync(folder, "src/Autopilot.Server"), await PublishedProgram.PublishAsync(folder, "bench/Autopilot.BareApp"));
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

        figures.AddRatio("start to the first 200 on `/api/health/live`", ours, "(e)", theirs, "ms", Target, "loading and compiling code");
    }

    private static async Task<double> StartedAsync(string assembly, Dictionary<string, string?> settings)
    {
        await using var process = await ServerProcess.StartAsync(assembly, settings);
        return process.Started.TotalMilliseconds;
    }
}
