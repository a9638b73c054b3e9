using System.Diagnostics;
using System.Globalization;
using System.Text;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>What a real server process holds resident while it polls 10,000 active workflows in every tick, cycle after cycle.</summary>
internal static class MemoryScenario
{
    private const int Workflows = 10_000,
        First = 10,
        Cycles = 20;

    private const double TargetMiB = 250e6 / 1024 / 1024,
        Flat = 1.05;

    public static async Task<string> RunAsync(AzuriteServer azurite, UpstreamProcess upstream, string assembly, MeasurementTable statistics)
    {
        await upstream.SetAsync(0, 0);
        await using var filled = await MeasuredServer.StartAsync(azurite, upstream);
        await filled.FillAsync(Workflows);

        await using var server = await ServerProcess.StartAsync(assembly, MeasuredServer.SettingsOf(azurite, upstream, filled.Prefix));
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        var most = new List<double>();
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            var began = Stopwatch.GetTimestamp();
            var poll = http.PostAsync(new Uri("/api/poll", UriKind.Relative), null);
            var peak = 0.0;
            while (!poll.IsCompleted)
            {
                peak = Math.Max(peak, server.ResidentMiB);
                await Task.WhenAny(poll, Task.Delay(100));
            }

            using var answer = await poll;
            answer.EnsureSuccessStatusCode();
            most.Add(peak);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  cycle {cycle}: at most {peak:0} MiB resident, {server.ResidentMiB:0} MiB after it, in "
                        + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"
                )
            );
        }

        var (early, late) = (most.Take(First).Max(), most.Skip(Cycles - First).Max());
        statistics.Add(
            new Measurement(
                "memory: 10,000 active workflows polled every tick",
                string.Create(CultureInfo.InvariantCulture, $"at most {most.Max():0} MiB resident"),
                "",
                "",
                string.Create(CultureInfo.InvariantCulture, $"≤ {TargetMiB:0} MiB (250 MB)"),
                most.Max() <= TargetMiB,
                "what the collector leaves between two collections"
            )
        );
        statistics.Add(
            new Measurement(
                "memory, the last 10 of 20 cycles against the first 10",
                string.Create(CultureInfo.InvariantCulture, $"at most {late:0} MiB"),
                string.Create(CultureInfo.InvariantCulture, $"at most {early:0} MiB"),
                string.Create(CultureInfo.InvariantCulture, $"{late / early:0.00}"),
                "flat: ≤ 1.05",
                late <= early * Flat,
                ""
            )
        );
        var table = new StringBuilder("| cycles | at most resident |\n|---|---|");
        foreach (var (number, some) in most.Chunk(First).Index())
        {
            table
                .Append('\n')
                .Append(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {number * First + 1}–{number * First + some.Length} | {some.Max():0} MiB |"
                    )
                );
        }

        return table.ToString();
    }
}
