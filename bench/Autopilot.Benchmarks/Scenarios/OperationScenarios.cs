using System.Text;
using Autopilot.Azurite;
using Autopilot.Benchmarks.Upstream;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>
/// Guarantee 2: the storage operations of a cycle, beside their bound. Counted at the storage clients' transport; the same is held by
/// <c>StorageBudgetTests</c>.
/// </summary>
internal static class OperationScenarios
{
    public static async Task<string> RunAsync(AzuriteServer azurite, UpstreamProcess upstream, MeasurementTable statistics)
    {
        var table = new StringBuilder(
            "| workflows N | changed C | reads | at most `16 + N/1000` | writes | at most `48 + N/99 + C/49` |\n|---|---|---|---|---|---|"
        );
        var within = true;
        foreach (var workflows in (int[])[0, 1, 99, 100, 1_000, 10_000])
        {
            await upstream.SetAsync(0, 0);
            await using var server = await MeasuredServer.StartAsync(azurite, upstream);
            await server.FillAsync(workflows);
            foreach (var changed in new[] { 0, 1, 50, workflows }.Where(changed => changed <= workflows).Distinct())
            {
                await upstream.SetAsync(0, changed);
                server.Operations.Reset();
                await server.CycleAsync(workflows, changed);
                var (reads, writes, mayRead, mayWrite) = (
                    server.Operations.Reads,
                    server.Operations.Writes,
                    16 + workflows / 1000,
                    48 + workflows / 99 + changed / 49
                );
                within &= reads <= mayRead && writes <= mayWrite;
                table
                    .Append('\n')
                    .Append(
                        FormattableString.Invariant($"| {workflows:N0} | {changed:N0} | {reads} | {mayRead} | {writes} | {mayWrite} |")
                    );
                // Back again, so that the next one counts its own changes only.
                await upstream.SetAsync(0, 0);
                await server.CycleAsync(workflows, changed);
            }
        }

        statistics.Add(
            new Measurement(
                "storage operations of a cycle",
                "the table below",
                "guarantee 2",
                "",
                "within, always",
                within,
                "the emulator plays no part"
            )
        );
        return table.ToString();
    }
}
