using System.Globalization;

namespace Autopilot.Cli;

/// <summary>
/// Shows the fleet or one upgrade until it has ended or Ctrl-C. In a terminal it draws on the second screen, so that the first one is
/// as it was; in a pipe it writes what changed.
/// </summary>
internal static class LiveStatus
{
    private const string Open = "\u001b[?1049h\u001b[?25l",
        Clear = "\u001b[H\u001b[2J",
        Close = "\u001b[?25h\u001b[?1049l";

    /// <summary>Between two looks; the stored state changes with polls, which are rarer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <returns>The exit code.</returns>
    /// <exception cref="CliException">The first look failed.</exception>
    public static async Task<int> RunAsync(
        AutopilotClient client,
        string? reference,
        TimeProvider clock,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var path = reference is null ? AutopilotClient.ActiveUpgrades : AutopilotClient.PathOf(reference);
        var isLive = Screen.Of(output).Profile.Capabilities.Ansi;
        var text = await TextAsync(client, path, cancellationToken);
        if (isLive)
        {
            await output.WriteAsync(Open);
        }

        try
        {
            for (string? shown = null; ; )
            {
                if (isLive)
                {
                    await output.WriteAsync(
                        $"{Clear}{text}\n\n{clock.GetLocalNow().ToString("T", CultureInfo.CurrentCulture)}  Ctrl-C ends.\n"
                    );
                }
                else if (text != shown)
                {
                    await output.WriteLineAsync(shown is null ? text : $"\n{text}");
                }

                shown = text;
                await output.FlushAsync(cancellationToken);
                if (reference is not null && await HasEndedAsync(client, path, cancellationToken))
                {
                    break;
                }

                await Task.Delay(Pause, clock, cancellationToken);
                text = await AgainAsync(client, path, text, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
        finally
        {
            if (isLive)
            {
                await output.WriteAsync(Close);
                await output.WriteLineAsync(text);
            }
        }

        return ExitCode.Reached;
    }

    private static Task<string> TextAsync(AutopilotClient client, string path, CancellationToken cancellationToken) =>
        client.TextAsync(AutopilotClient.InForm(path, "text"), cancellationToken);

    private static async Task<string> AgainAsync(AutopilotClient client, string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            return await TextAsync(client, path, cancellationToken);
        }
        catch (CliException exception) when (exception.ExitCode == ExitCode.NotReachable)
        {
            var line =
                text.Split('\n') is [.., "", var last] && last.EndsWith("This is what was last known.", StringComparison.Ordinal)
                    ? ""
                    : $"\n\n{exception.Message} This is what was last known.";
            return $"{text}{line}";
        }
    }

    private static async Task<bool> HasEndedAsync(AutopilotClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAsync(path, CliJson.Default.Upgrade, cancellationToken)).EndedAt is not null;
        }
        catch (CliException exception) when (exception.ExitCode == ExitCode.NotReachable)
        {
            return false;
        }
    }
}
