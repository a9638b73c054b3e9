using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Autopilot.Cli;

/// <summary>The fleet sorted by need, or one upgrade.</summary>
internal static class StatusCommand
{
    /// <summary>Everything about one upgrade, in a form that the server writes.</summary>
    public static async Task<int> RunOneAsync(
        AutopilotClient client,
        string reference,
        OutputForm form,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        await WriteAsync(output, await client.TextAsync(AutopilotClient.PathOf(reference, $"?format={WordOf(form)}"), cancellationToken));
        return ExitCode.Reached;
    }

    /// <summary>Every active upgrade, those first that need a person.</summary>
    public static async Task<int> RunAsync(AutopilotClient client, OutputForm form, TextWriter output, CancellationToken cancellationToken)
    {
        const string Path = "api/workflows?active=true";
        switch (form)
        {
            case OutputForm.Table:
                Write(await AllAsync(client, cancellationToken), output);
                break;
            case OutputForm.Json:
                await WriteAsync(output, await AllJsonAsync(client, $"{Path}&maxpagesize=1000", cancellationToken));
                break;
            default:
                await WriteAsync(output, await client.TextAsync($"{Path}&format={WordOf(form)}", cancellationToken));
                break;
        }

        return ExitCode.Reached;
    }

    internal static string WordOf(OutputForm form) =>
        form switch
        {
            OutputForm.Json => "json",
            OutputForm.Markdown => "markdown",
            _ => "text",
        };

    internal static Task WriteAsync(TextWriter output, string text) => output.WriteLineAsync(text.TrimEnd('\n'));

    private static async Task<List<Upgrade>> AllAsync(AutopilotClient client, CancellationToken cancellationToken)
    {
        var all = new List<Upgrade>();
        for (string? next = "api/workflows?active=true&maxpagesize=1000"; next is not null; )
        {
            var page = await client.GetAsync(next, CliJson.Default.UpgradePage, cancellationToken);
            all.AddRange(page.Value);
            next = RelativeOf(page.NextLink);
        }

        return all;
    }

    private static async Task<string> AllJsonAsync(AutopilotClient client, string path, CancellationToken cancellationToken)
    {
        var all = new JsonArray();
        for (string? next = path; next is not null; )
        {
            var text = await client.TextAsync(next, cancellationToken);
            try
            {
                var page = JsonNode.Parse(text) as JsonObject ?? throw new JsonException();
                foreach (var upgrade in page["value"] as JsonArray ?? throw new JsonException())
                {
                    all.Add(upgrade?.DeepClone());
                }

                next = RelativeOf((string?)page["nextLink"]);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                throw client.Foreign(exception);
            }
        }

        return new JsonObject { ["value"] = all }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>A link is a path of the server; the tool's address may have a path of its own before it.</summary>
    private static string? RelativeOf(string? link) =>
        link is null ? null
        : link.IndexOf("api/workflows", StringComparison.Ordinal) is >= 0 and var at ? link[at..]
        : throw new CliException(ExitCode.NotReachable, "The link to the next page is none of Autopilot's.");

    private static void Write(IReadOnlyList<Upgrade> upgrades, TextWriter output)
    {
        if (upgrades.Count == 0)
        {
            output.WriteLine("No upgrade is active.");
            return;
        }

        var isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            }
        );
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = ColumnsOf(Environment.GetEnvironmentVariable("COLUMNS"));
        }

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("Cluster"),
            new TableColumn("To").NoWrap(),
            new TableColumn("State").NoWrap(),
            new TableColumn("What")
        );
        foreach (var upgrade in upgrades)
        {
            table.AddRow(
                new Text(upgrade.Name),
                new Text(upgrade.TargetVersion ?? ""),
                new Text(upgrade.Assessment, new Style(ColourOf(upgrade.Assessment))),
                new Text(WhatOf(upgrade))
            );
        }

        console.Write(table);
    }

    /// <summary>The headline without what the other columns say.</summary>
    private static string WhatOf(Upgrade upgrade)
    {
        var subject = $"Upgrade of cluster {upgrade.ClusterName} from {upgrade.FromVersion} to {upgrade.TargetVersion} ";
        return upgrade.Headline.StartsWith(subject, StringComparison.Ordinal) ? upgrade.Headline[subject.Length..] : upgrade.Headline;
    }

    private static int ColumnsOf(string? text) => int.TryParse(text, out var columns) ? Math.Clamp(columns, 40, 400) : 120;

    private static Color ColourOf(string assessment) =>
        assessment switch
        {
            "Progressing" or "Completed" => Color.Green,
            "Blocked" or "Stalled" or "Gone" or "RollingBack" => Color.Red,
            _ => Color.Yellow,
        };
}
