using System.CommandLine;
using System.CommandLine.Parsing;
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
        3 timed out, 4 the server cannot be reached, 5 not allowed, 6 not found, 7 the output cannot be written
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
            "table|text|json|markdown|csv",
            "How the answer is written (table of several upgrades, text of one).",
            "one of table, text, json, markdown, csv",
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
        root.Subcommands.Add(Watch());
        root.Subcommands.Add(Timeline());
        root.Subcommands.Add(History());
        root.Subcommands.Add(Changes());
        root.Subcommands.Add(Report());
        root.Subcommands.Add(Outlook());
        root.Subcommands.Add(Open());
        root.Subcommands.Add(Poll());
        root.Subcommands.Add(Track());
        root.Subcommands.Add(Untrack());
        return RunAsync();

        async Task<int> RunAsync()
        {
            try
            {
                return await CommandLineProgram.RunAsync(root, args, Name, Notes, output, error);
            }
            catch (IOException exception)
            {
                // Requests have failed otherwise: this is the output, such as a file on a full disk.
                await error.WriteLineAsync($"The output cannot be written: {exception.Message}");
                return ExitCode.NotWritten;
            }
        }

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
                                parsed.GetValue(form),
                                TimeProvider.System,
                                output,
                                error,
                                cancellationToken
                            )
                    )
            );
            return command;
        }

        Command Watch()
        {
            var upgrade = Upgrade("One upgrade; without it every active one.", ArgumentArity.ZeroOrOne);
            var command = new Command("watch", "Show the fleet or one upgrade live, until it has ended or Ctrl-C.") { upgrade };
            command.SetAction(
                (parsed, _) =>
                    Interruption.RunAsync(interrupted =>
                        AskAsync(
                            parsed,
                            client => LiveStatus.RunAsync(client, parsed.GetValue(upgrade), TimeProvider.System, output, interrupted)
                        )
                    )
            );
            return command;
        }

        Command Timeline()
        {
            var upgrade = Upgrade();
            var command = new Command("timeline", "Draw when each task ran, waited, was queued or was blocked.") { upgrade };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        client =>
                            TimelineCommand.RunAsync(client, parsed.GetValue(upgrade)!, parsed.GetValue(form), output, cancellationToken)
                    )
            );
            return command;
        }

        Command History()
        {
            var upgrade = Upgrade();
            var command = new Command("history", "Show what changed of an upgrade, newest first.") { upgrade };
            Answers(
                command,
                ResponseForms.People,
                parsed => AutopilotClient.PathOf(parsed.GetValue(upgrade)!, "/history?maxpagesize=1000")
            );
            return command;
        }

        Command Changes()
        {
            var since = CheckedOption.Create<DateTimeOffset>(
                "--since",
                "TIME",
                "From when on: a date, an instant, or how long ago, such as 2h or 7d (24h).",
                "a date, an instant such as 2026-11-23T07:30:00Z, or how long ago, such as 2h or 7d",
                TrySince
            );
            since.DefaultValueFactory = _ => DateTimeOffset.UtcNow.AddDays(-1);
            var command = new Command("changes", "Show what changed over the fleet, newest first.") { since };
            Answers(
                command,
                ResponseForms.People,
                parsed => $"api/changes?maxpagesize=1000&since={parsed.GetValue(since).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"
            );
            return command;
        }

        Command Report()
        {
            var (from, to) = (
                Day("--from", "Begin of the period, by the end of an upgrade."),
                Day("--to", "End of the period, exclusive.")
            );
            var cluster = CheckedOption.CreateText("--cluster", "CLUSTER", "Only upgrades of this cluster, by its id or name.");
            var target = CheckedOption.CreateText("--target", "VERSION", "Only upgrades to this version.");
            var command = new Command("report", "Show counts, rates and durations of finished upgrades.") { from, to, cluster, target };
            Answers(
                command,
                ResponseForms.Report,
                parsed =>
                    "api/reports/upgrades"
                    + Query(
                        ("from", parsed.GetValue(from)),
                        ("to", parsed.GetValue(to)),
                        ("cluster", parsed.GetValue(cluster)),
                        ("targetVersion", parsed.GetValue(target))
                    )
            );
            return command;
        }

        Command Outlook()
        {
            var cluster = new Argument<string?>("cluster")
            {
                Description = "The cluster that is to be upgraded, by its id or name.",
                Arity = ArgumentArity.ZeroOrOne,
            };
            cluster.Validators.Add(RejectOption);
            var target = CheckedOption.CreateText("--target", "VERSION", "The version that it is to be upgraded to.");
            var command = new Command("outlook", "Show what earlier upgrades say about one that is planned.") { cluster, target };
            Answers(
                command,
                ResponseForms.People,
                parsed => "api/reports/outlook" + Query(("cluster", parsed.GetValue(cluster)), ("targetVersion", parsed.GetValue(target)))
            );
            return command;
        }

        Command Open()
        {
            var upgrade = Upgrade("One upgrade; without it the fleet.", ArgumentArity.ZeroOrOne);
            var command = new Command("open", "Print the address of the page for a browser.") { upgrade };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        async client =>
                        {
                            // Looked up first: the address of an upgrade that is not known would lead nowhere.
                            var id = parsed.GetValue(upgrade) is { } reference
                                ? (await client.GetAsync(AutopilotClient.PathOf(reference), CliJson.Default.Upgrade, cancellationToken)).Id
                                : null;
                            await output.WriteLineAsync(client.PageOf(id).AbsoluteUri);
                            return ExitCode.Reached;
                        }
                    )
            );
            return command;
        }

        Command Poll()
        {
            var upgrade = Upgrade("One upgrade; without it the fleet, whose answer is JSON.", ArgumentArity.ZeroOrOne);
            var command = new Command("poll", "Read upstream now.") { upgrade };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        async client =>
                        {
                            var one = parsed.GetValue(upgrade);
                            await ResponseForms.WriteAsync(
                                client,
                                one is null ? "api/poll" : AutopilotClient.PathOf(one, "/poll"),
                                parsed.GetValue(form),
                                one is null ? [OutputForm.Json] : [OutputForm.Text, OutputForm.Markdown, OutputForm.Json],
                                output,
                                cancellationToken,
                                HttpMethod.Post
                            );
                            return ExitCode.Reached;
                        }
                    )
            );
            return command;
        }

        Command Track()
        {
            var workflow = Upgrade("The workflow's id; without it every upgrade of the cluster is found.", ArgumentArity.ZeroOrOne);
            var cluster = CheckedOption.CreateText("--cluster", "ID", "The cluster's id.");
            cluster.Required = true;
            var project = CheckedOption.CreateText("--project", "ID", "The project's id.");
            var name = CheckedOption.CreateText("--name", "NAME", "What people call the cluster.");
            var command = new Command("track", "Track an upgrade, or every upgrade of a cluster.") { workflow, cluster, project, name };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        client =>
                            TrackCommand.RunAsync(
                                client,
                                parsed.GetValue(cluster)!,
                                parsed.GetValue(workflow),
                                parsed.GetValue(project),
                                parsed.GetValue(name),
                                output,
                                cancellationToken
                            )
                    )
            );
            return command;
        }

        Command Untrack()
        {
            var upgrade = Upgrade();
            var command = new Command("untrack", "Stop tracking an upgrade; its history stays.") { upgrade };
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(parsed, client => TrackCommand.EndAsync(client, parsed.GetValue(upgrade)!, output, cancellationToken))
            );
            return command;
        }

        void Answers(Command command, IReadOnlyList<OutputForm> forms, Func<ParseResult, string> path) =>
            command.SetAction(
                (parsed, cancellationToken) =>
                    AskAsync(
                        parsed,
                        async client =>
                        {
                            await ResponseForms.WriteAsync(client, path(parsed), parsed.GetValue(form), forms, output, cancellationToken);
                            return ExitCode.Reached;
                        }
                    )
            );

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
        argument.Validators.Add(RejectOption);
        return argument;
    }

    /// <summary>What looks like an option is none that is known.</summary>
    private static void RejectOption(ArgumentResult given)
    {
        if (given.Tokens.Select(token => token.Value).FirstOrDefault(word => word is [] or ['-', ..]) is { } word)
        {
            given.AddError(UnknownWord.Of(word, Name));
        }
    }

    private static Option<string> Day(string name, string description) =>
        CheckedOption.Create<string>(
            name,
            "DATE",
            description,
            "a date such as 2026-11-01, or an instant",
            (string text, out string value) => TryInstant(value = text, out _)
        );

    private static string Query(params (string Name, string? Value)[] parameters)
    {
        var given = parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}")
            .ToList();
        return given.Count > 0 ? $"?{string.Join('&', given)}" : "";
    }

    private static bool TryInstant(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out value
        );

    private static bool TrySince(string text, out DateTimeOffset value)
    {
        if (TryDuration(text, out var ago))
        {
            value = DateTimeOffset.UtcNow - ago;
            return ago <= TimeSpan.FromDays(31);
        }

        return TryInstant(text, out value);
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
            'd' => TimeSpan.FromDays(number),
            _ => default,
        };
        return value > TimeSpan.Zero;
    }
}
