using System.CommandLine;
using System.Globalization;
using Autopilot.CommandLine;

namespace Autopilot.Cli;

/// <summary>The tool's command line.</summary>
internal static class CliCommand
{
    private const string Name = "autopilot";

    private const string Notes = """
        Address and key come from the options, the environment (AUTOPILOT_URL, AUTOPILOT_KEY) or the file
        autopilot/config.json in the folder of your settings, such as ~/.config: { "url": "…", "key": "…" }.
        Only you may read that file. An upgrade is named by its workflow's id, or by its cluster's id or name.

        Exit codes: 0 answered or reached, 1 the upgrade failed or is blocked, 2 wrong command line or ambiguous name,
        3 timed out, 4 the server cannot be reached, 5 not allowed, 6 not found
        """;

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var url = CheckedOption.CreateText("--url", "ADDRESS", "Where the server is (http://127.0.0.1:7071).");
        var key = CheckedOption.CreateText(
            "--key",
            "KEY",
            "The key that may read; others on this machine see it here, so rather use AUTOPILOT_KEY."
        );
        var form = CheckedOption.Create<OutputForm>(
            "--output",
            "table|text|json|markdown",
            "How the answer is written (table of several upgrades, text of one).",
            "one of table, text, json, markdown",
            (string text, out OutputForm value) => Enum.TryParse(text, ignoreCase: true, out value) && text.All(char.IsAsciiLetter)
        );
        var root = new RootCommand("Why a CCE Autopilot cluster upgrade does not move, and waiting for it.");
        foreach (Option option in new Option[] { url, key, form })
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        root.Subcommands.Add(Status());
        root.Subcommands.Add(Why());
        root.Subcommands.Add(Wait());
        return CommandLineProgram.RunAsync(root, args, Name, Notes, output, error);

        Command Status()
        {
            var upgrade = Upgrade("One upgrade; without it every active one, those first that need a person.", ArgumentArity.ZeroOrOne);
            var command = new Command("status", "Show the fleet sorted by need, or everything about one upgrade.") { upgrade };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        client =>
                            parsed.GetValue(upgrade) is { } reference
                                ? StatusCommand.RunOneAsync(client, reference, parsed.GetValue(form), output, cancellationToken)
                                : StatusCommand.RunAsync(client, parsed.GetValue(form), output, cancellationToken)
                    )
            );
            return command;
        }

        Command Why()
        {
            var upgrade = Upgrade();
            var command = new Command("why", "Show what blocks an upgrade, since when, why, and what may be done.") { upgrade };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        client => WhyCommand.RunAsync(client, parsed.GetValue(upgrade)!, parsed.GetValue(form), output, cancellationToken)
                    )
            );
            return command;
        }

        Command Wait()
        {
            var upgrade = Upgrade();
            var until = CheckedOption.Create<string>(
                "--for",
                "completed|moved|confirmed|unblocked",
                "What to wait for.",
                $"one of {string.Join(", ", Waiting.Words)}",
                (string text, out string value) => Waiting.Words.Contains(value = text)
            );
            until.DefaultValueFactory = _ => "completed";
            var timeout = CheckedOption.Create<TimeSpan>(
                "--timeout",
                "DURATION",
                "How long at most, such as 90s, 30m or 2h.",
                "a duration such as 90s, 30m or 2h",
                TryDuration
            );
            timeout.DefaultValueFactory = _ => TimeSpan.FromHours(1);
            var failOn = new Option<string[]>("--fail-on")
            {
                HelpName = "blocked|stalled",
                Description = "End with exit code 1 as soon as the upgrade is that; may be repeated.",
            };
            failOn.Validators.Add(given =>
            {
                if (given.Tokens.Any(token => token.Value.ToUpperInvariant() is not ("BLOCKED" or "STALLED")))
                {
                    given.AddError("--fail-on must be one of blocked, stalled.");
                }
            });
            var command = new Command("wait", "Wait for an upgrade, over restarts of the server and cuts of the network.")
            {
                upgrade,
                until,
                timeout,
                failOn,
            };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        client =>
                            WaitCommand.RunAsync(
                                client,
                                parsed.GetValue(upgrade)!,
                                new Waiting(parsed.GetValue(until)!, parsed.GetValue(failOn) ?? []),
                                parsed.GetValue(timeout),
                                TimeProvider.System,
                                output,
                                error,
                                cancellationToken
                            )
                    )
            );
            return command;
        }

        async Task<int> AskAsync(ParseResult parsed, Func<AutopilotClient, Task<int>> ask)
        {
            try
            {
                using var client = new AutopilotClient(ServerAddress.Find(parsed.GetValue(url), parsed.GetValue(key)));
                return await ask(client);
            }
            catch (CliException exception)
            {
                await error.WriteLineAsync(exception.Message);
                return exception.ExitCode;
            }
        }
    }

    private static Argument<string?> Upgrade(
        string description = "The workflow's id, or the cluster's id or name.",
        ArgumentArity? arity = null
    )
    {
        var argument = new Argument<string?>("upgrade") { Description = description, Arity = arity ?? ArgumentArity.ExactlyOne };
        argument.Validators.Add(given =>
        {
            if (given.Tokens.Select(token => token.Value).FirstOrDefault(word => word is [] or ['-', ..]) is { } word)
            {
                given.AddError(UnknownWord.Of(word, Name));
            }
        });
        return argument;
    }

    private static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        if (
            text.Length < 2
            || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > 100_000
        )
        {
            return false;
        }

        value = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            _ => default,
        };
        return value > TimeSpan.Zero;
    }
}
