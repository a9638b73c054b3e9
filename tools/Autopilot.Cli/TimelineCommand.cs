using System.Globalization;

namespace Autopilot.Cli;

/// <summary>When each task of an upgrade ran, waited, was queued or was blocked, drawn with characters.</summary>
internal static class TimelineCommand
{
    /// <summary>Columns of a bar at the least.</summary>
    private const int LeastBar = 10;

    private const string Legend = "# ran  . waited  ~ queued  x blocked";

    public static async Task<int> RunAsync(
        AutopilotClient client,
        string reference,
        OutputForm form,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var path = AutopilotClient.PathOf(reference, "/timeline");
        if (form is not (OutputForm.Table or OutputForm.Text))
        {
            await ResponseForms.WriteAsync(
                client,
                path,
                form,
                [OutputForm.Text, OutputForm.Markdown, OutputForm.Json],
                output,
                cancellationToken
            );
            return ExitCode.Reached;
        }

        var timeline = await client.GetAsync(path, CliJson.Default.UpgradeTimeline, cancellationToken);
        foreach (var line in Draw(timeline, Screen.Of(output).Profile.Width))
        {
            await output.WriteLineAsync(line);
        }

        return ExitCode.Reached;
    }

    /// <summary>The lines of the drawing: the headline, a line of each task, the times of the ends, and the legend.</summary>
    /// <param name="timeline">What is drawn.</param>
    /// <param name="width">The columns of the terminal.</param>
    internal static IEnumerable<string> Draw(UpgradeTimeline timeline, int width)
    {
        yield return TerminalText.Line(timeline.Headline);
        if (timeline.Rows.Count == 0)
        {
            yield return "No task has started.";
            yield break;
        }

        var from = timeline.From ?? timeline.Rows.Min(row => row.StartedAt);
        var to = timeline.To ?? timeline.Rows.Max(row => row.EndedAt ?? row.StartedAt);
        var names = timeline.Rows.Select(row => TerminalText.Line(row.Task)).Distinct().ToList();
        var label = Math.Min(names.Max(name => name.Length), Math.Max(4, width / 3));
        var columns = Math.Max(LeastBar, width - label - 1);
        var span = Math.Max((to - from).TotalSeconds, 1);
        yield return "";
        foreach (var name in names)
        {
            var bar = new char[columns];
            Array.Fill(bar, ' ');
            // What is rarer and matters more is drawn over the rest.
            foreach (var row in timeline.Rows.Where(row => TerminalText.Line(row.Task) == name).OrderBy(row => RankOf(row.Kind)))
            {
                var start = Column(row.StartedAt);
                var end = Math.Max(start + 1, (int)Math.Ceiling(Place(row.EndedAt ?? to)));
                Array.Fill(bar, SignOf(row.Kind), start, Math.Min(end, columns) - start);
            }

            yield return $"{(name.Length > label ? name[..label] : name.PadRight(label))} {new string(bar)}".TrimEnd();
        }

        var (first, last) = (Text(from), Text(to));
        yield return first.Length + last.Length < columns
            ? $"{new string(' ', label + 1)}{first}{last.PadLeft(columns - first.Length)}"
            : $"{first} to {last}";
        yield return Legend;

        double Place(DateTimeOffset at) => (at - from).TotalSeconds / span * columns;

        int Column(DateTimeOffset at) => Math.Clamp((int)Place(at), 0, columns - 1);
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static int RankOf(string kind) =>
        kind switch
        {
            "Wait" => 0,
            "Queue" => 1,
            "Blocked" => 2,
            _ => 3,
        };

    private static char SignOf(string kind) =>
        kind switch
        {
            "Run" => '#',
            "Wait" => '.',
            "Queue" => '~',
            "Blocked" => 'x',
            _ => '?',
        };
}
