using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Autopilot.Cli;

/// <summary>The fleet sorted by need, or one upgrade.</summary>
internal static class StatusCommand
{
    /// <summary>Columns that the table needs.</summary>
    private const int NarrowBelow = 70;

    /// <summary>Everything about one upgrade, in a form that the server writes.</summary>
    public static async Task<int> RunOneAsync(
        AutopilotClient client,
        string reference,
        OutputForm form,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        await ResponseForms.WriteAsync(client, AutopilotClient.PathOf(reference), form, ResponseForms.People, output, cancellationToken);
        return ExitCode.Reached;
    }

    /// <summary>Every active upgrade, those first that need a person.</summary>
    public static async Task<int> RunAsync(AutopilotClient client, OutputForm form, TextWriter output, CancellationToken cancellationToken)
    {
        switch (form)
        {
            case OutputForm.Table:
                var (all, notes) = await AllAsync(client, cancellationToken);
                Write(all, output);
                foreach (var note in notes)
                {
                    await output.WriteLineAsync(note);
                }

                break;
            case OutputForm.Json:
                await output.WriteLineAsync(await AllJsonAsync(client, cancellationToken));
                break;
            default:
                await ResponseForms.WriteAsync(
                    client,
                    AutopilotClient.ActiveUpgrades,
                    form,
                    ResponseForms.People,
                    output,
                    cancellationToken
                );
                break;
        }

        return ExitCode.Reached;
    }

    private static async Task<(List<Upgrade> All, List<string> Notes)> AllAsync(AutopilotClient client, CancellationToken cancellationToken)
    {
        var (all, notes, unreadable) = (new List<Upgrade>(), new List<string>(), 0);
        for (string? next = AutopilotClient.ActiveUpgrades; next is not null; )
        {
            var page = await client.GetAsync(next, CliJson.Default.UpgradePage, cancellationToken);
            all.AddRange(page.Value);
            unreadable = Math.Max(unreadable, page.Unreadable ?? 0);
            if (page.Note is { } note && !notes.Contains(note))
            {
                notes.Add(TerminalText.Line(note));
            }

            next = RelativeOf(page.NextLink);
        }

        if (unreadable > 0)
        {
            notes.Add($"Not shown, since their rows cannot be read: {unreadable}.");
        }

        return (all, notes);
    }

    /// <summary>All pages as one: the members are those of the last page, which is partial where the whole is.</summary>
    private static async Task<string> AllJsonAsync(AutopilotClient client, CancellationToken cancellationToken)
    {
        var all = new JsonArray();
        var (whole, unreadable) = (new JsonObject(), 0);
        for (string? next = AutopilotClient.ActiveUpgrades; next is not null; )
        {
            try
            {
                whole = JsonObject.Create(await client.JsonAsync(next, cancellationToken))!;
                foreach (var upgrade in whole["value"] as JsonArray ?? throw client.Foreign())
                {
                    all.Add(upgrade?.DeepClone());
                }

                unreadable = Math.Max(unreadable, (int?)whole["unreadable"] ?? 0);
                next = RelativeOf((string?)whole["nextLink"]);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                throw client.Foreign(exception);
            }
        }

        whole.Remove("nextLink");
        whole["value"] = all;
        if (unreadable > 0)
        {
            whole["unreadable"] = unreadable;
        }

        return whole.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
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

        var console = Screen.Of(output);
        if (console.Profile.Width < NarrowBelow)
        {
            // Columns would be a few letters wide.
            foreach (var upgrade in upgrades)
            {
                output.WriteLine($"{StateOf(upgrade)}  {upgrade.Name}\n  {WhatOf(upgrade)}");
            }

            return;
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
                new Text(TerminalText.Line(upgrade.TargetVersion ?? "")),
                new Text(StateOf(upgrade), new Style(ColourOf(upgrade.Assessment))),
                new Text(WhatOf(upgrade))
            );
        }

        console.Write(table);
    }

    private static string StateOf(Upgrade upgrade) => TerminalText.Line(upgrade.Assessment);

    /// <summary>The headline without what the other columns say.</summary>
    private static string WhatOf(Upgrade upgrade)
    {
        var subject =
            $"Upgrade of cluster {upgrade.ClusterName ?? upgrade.ClusterId} from {upgrade.FromVersion} to {upgrade.TargetVersion} ";
        return TerminalText.Line(
            upgrade.Headline.StartsWith(subject, StringComparison.Ordinal) ? upgrade.Headline[subject.Length..] : upgrade.Headline
        );
    }

    private static Color ColourOf(string assessment) =>
        assessment switch
        {
            "Progressing" or "Completed" => Color.Green,
            "Blocked" or "Stalled" or "Gone" or "RollingBack" => Color.Red,
            _ => Color.Yellow,
        };
}
