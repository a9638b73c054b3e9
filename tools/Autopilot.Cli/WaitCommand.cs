using System.Globalization;

namespace Autopilot.Cli;

/// <summary>Waits for an upgrade, over restarts of the server and cuts of the network.</summary>
internal static class WaitCommand
{
    /// <summary>How long one request waits where only the end of the wait matters, in seconds.</summary>
    private const int LongRequest = 100;

    /// <summary>The same where an assessment may change by time alone, which moves no sequence.</summary>
    private const int ShortRequest = 30;

    /// <summary>How much later than asked for an answer may come.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <summary>The same where the whole wait ends.</summary>
    private static readonly TimeSpan LastSlack = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>The pause after an answer that came at once and ended nothing.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    /// <returns>The exit code.</returns>
    /// <exception cref="CliException">The first look failed, the upgrade is not known any more, or the key may no longer
    /// read.</exception>
    public static async Task<int> RunAsync(
        AutopilotClient client,
        string reference,
        Waiting waiting,
        TimeSpan timeout,
        OutputForm form,
        TimeProvider clock,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        var until = clock.GetUtcNow() + timeout;
        var first = await client.GetAsync(AutopilotClient.PathOf(reference), CliJson.Default.Upgrade, cancellationToken);
        // Where a program reads the output, it is the end alone.
        var progress = form == OutputForm.Json ? error : output;
        await progress.WriteLineAsync(
            $"Waiting until {first.Name} ({TerminalText.Line(first.Id)}) {waiting.State}, for {Text(timeout)} at most."
        );
        var (upgrade, isCut) = (first, false);
        while (true)
        {
            if (waiting.Ends(upgrade, first) is { } exitCode)
            {
                await EndAsync(upgrade);
                return exitCode;
            }

            var left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                await EndAsync(upgrade);
                await error.WriteLineAsync($"Not {waiting.Until} within {Text(timeout)}.");
                return ExitCode.TimedOut;
            }

            try
            {
                var asked = clock.GetTimestamp();
                upgrade = await NextAsync(client, waiting, upgrade, first, left, cancellationToken);
                isCut = false;
                if (waiting.Ends(upgrade, first) is null && clock.GetElapsedTime(asked) < LeastPause)
                {
                    // Whatever makes a server answer at once, it is not asked without a pause.
                    await Task.Delay(LeastPause, clock, cancellationToken);
                }
            }
            catch (CliException exception) when (exception.ExitCode == ExitCode.NotReachable)
            {
                if (!isCut)
                {
                    await error.WriteLineAsync($"{exception.Message} The wait goes on.");
                    isCut = true;
                }

                var pause = exception.RetryAfter ?? Retry;
                await Task.Delay(pause < left ? pause : left, clock, cancellationToken);
            }
        }

        async Task EndAsync(Upgrade last)
        {
            if (form != OutputForm.Json)
            {
                await output.WriteLineAsync(last.Line);
                return;
            }

            try
            {
                await ResponseForms.WriteAsync(
                    client,
                    AutopilotClient.PathOf(last.Id),
                    form,
                    ResponseForms.People,
                    output,
                    cancellationToken
                );
            }
            catch (CliException exception) when (exception.ExitCode == ExitCode.NotReachable)
            {
                // The exit code is that of the wait.
                await error.WriteLineAsync(exception.Message);
            }
        }
    }

    private static async Task<Upgrade> NextAsync(
        AutopilotClient client,
        Waiting waiting,
        Upgrade upgrade,
        Upgrade first,
        TimeSpan left,
        CancellationToken cancellationToken
    )
    {
        var longest = waiting.FailOn.Count > 0 ? ShortRequest : LongRequest;
        var seconds = Math.Clamp((int)Math.Ceiling(left.TotalSeconds), 1, longest);
        var (patience, last) = (TimeSpan.FromSeconds(seconds) + Slack, left + LastSlack);
        try
        {
            return await client.GetAsync(
                AutopilotClient.PathOf(first.Id, "/wait" + waiting.Query(upgrade, first, seconds)),
                CliJson.Default.Upgrade,
                cancellationToken,
                patience < last ? patience : last
            );
        }
        catch (CliException exception) when (exception is { ExitCode: ExitCode.NotReachable, RetryAfter: { } pause })
        {
            // No place to wait: what the server asks for is a look in that rhythm.
            await Task.Delay(pause < left ? pause : left, cancellationToken);
            return await client.GetAsync(AutopilotClient.PathOf(first.Id), CliJson.Default.Upgrade, cancellationToken);
        }
    }

    private static string Text(TimeSpan time) =>
        time.TotalSeconds < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : time.TotalMinutes < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h");
}
