using System.Globalization;

namespace Autopilot.Cli;

/// <summary>What blocks an upgrade, since when, why, and what may be done.</summary>
internal static class WhyCommand
{
    public static async Task<int> RunAsync(
        AutopilotClient client,
        string reference,
        OutputForm form,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        if (form is OutputForm.Json or OutputForm.Markdown)
        {
            return await StatusCommand.RunOneAsync(client, reference, form, output, cancellationToken);
        }

        var upgrade = await client.GetAsync(AutopilotClient.PathOf(reference), CliJson.Default.Upgrade, cancellationToken);
        await output.WriteLineAsync(upgrade.Headline);
        if (upgrade.BlockingTask is { } blocker)
        {
            await output.WriteLineAsync();
            var start = upgrade.Assessment is "Blocked" or "Stalled" ? "Blocked by" : "Now at";
            await output.WriteLineAsync($"{start, -12}{blocker.Type}, {blocker.Reason}{Since(blocker)}");
            await output.WriteLineAsync($"{"Because", -12}{blocker.Message}");
            await output.WriteLineAsync($"{"To do", -12}{blocker.Remediation}");
        }

        return ExitCode.Reached;
    }

    private static string Since(Blocker blocker) =>
        blocker.Since is { } since
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{(blocker.SinceObserved ? ", seen since " : ", since ")}{since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"
            )
            : "";
}
