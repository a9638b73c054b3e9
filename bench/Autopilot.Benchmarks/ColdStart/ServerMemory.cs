using Autopilot.Azurite;
using Autopilot.Benchmarks.Scenarios;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.ColdStart;

/// <summary>
/// The idle server's memory beside an older build's: side by side, each with tables of its own, so that both see the same minutes.
/// </summary>
internal static class ServerMemory
{
    private const double Target = 0.7;

    private const int Workflows = 100;

    /// <summary>At least two cycles of the default schedule, and time for the runtime to compile what ran often.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(150);

    public static async Task MeasureAsync(
        string server,
        string label,
        string older,
        AzuriteServer azurite,
        UpstreamProcess upstream,
        MeasurementTable statistics
    )
    {
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

        statistics.AddRatio(
            $"server: resident memory, idle with {Workflows} active workflows",
            now,
            label,
            before,
            "MiB",
            Target,
            "the runtime, and the code that is mapped"
        );
    }

    /// <summary>A server with the default schedules that tracks the workflows.</summary>
    private static async Task<ServerProcess> IdleAsync(string assembly, AzuriteServer azurite, UpstreamProcess upstream, string prefix)
    {
        var settings = MeasuredServer.SettingsOf(azurite, upstream, prefix);
        settings.Remove("PollSchedule");
        settings.Remove("RetentionSchedule");
        var process = await ServerProcess.StartAsync(assembly, settings);
        using var http = new HttpClient { BaseAddress = process.Address };
        await Fleet.TrackAsync(http, Workflows);
        return process;
    }
}
