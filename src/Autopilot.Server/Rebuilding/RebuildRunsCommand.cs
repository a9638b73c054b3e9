using Autopilot.Core.Listing;
using Autopilot.Core.Rows;

namespace Autopilot.Server.Rebuilding;

/// <summary>
/// Writes the runs of reports again, once their shape has grown: see <see cref="FinishedUpgradeRebuild"/>. May be repeated, and run beside
/// servers at work.
/// </summary>
internal static class RebuildRunsCommand
{
    public static async Task<int> RunAsync(string[] settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        await using var app = ServerApp.Create(settings, builder => builder.Logging.ClearProviders());
        try
        {
            var rebuilt = await app.Services.GetRequiredService<FinishedUpgradeRebuild>().RunAsync(cancellationToken);
            await output.WriteLineAsync(
                $"{rebuilt} runs were written again, of every finished workflow that is stored; runs of workflows that retention has "
                    + "taken stay as they are."
            );
            return ServerCommand.Done;
        }
        catch (StorageUnavailableException exception)
        {
            await error.WriteLineAsync($"storage: {exception.Message} What was written stays; run it again.");
            return ServerCommand.Failed;
        }
    }
}
