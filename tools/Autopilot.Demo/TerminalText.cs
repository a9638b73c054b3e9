using System.Globalization;

namespace Autopilot.Demo;

/// <summary>Words and columns: how changes and summaries look in a terminal.</summary>
internal static class TerminalText
{
    /// <summary>
    /// One change: time, cluster, assessment and what became what; below it the sentence for a person, where the summary is of this very
    /// state.
    /// </summary>
    public static void Write(this Terminal terminal, Summary summary, Observation seen)
    {
        terminal.WriteLine(seen.ObservedAt, summary.Name, seen.Assessment, What(seen));
        if (seen.Sequence == summary.Sequence)
        {
            terminal.WriteHeadline(summary);
        }
    }

    /// <summary>A transition by time alone: nothing has changed upstream, and the line says so.</summary>
    public static void WriteTransition(this Terminal terminal, Summary summary, DateTimeOffset now)
    {
        terminal.WriteLine(now, summary.Name, summary.Assessment, "by now");
        terminal.WriteHeadline(summary);
    }

    private static void WriteLine(this Terminal terminal, DateTimeOffset at, string name, string assessment, string what) =>
        terminal.Hanging(
            $"{at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {Fit(name, 20)}  "
                + $"{terminal.PaintAssessment(Fit(assessment, 11))}  ",
            45,
            what
        );

    private static void WriteHeadline(this Terminal terminal, Summary summary)
    {
        // The line above says which upgrade it is.
        var subject = $"Upgrade of cluster {summary.ClusterName} from {summary.FromVersion} to {summary.TargetVersion} ";
        var headline = summary.Headline.StartsWith(subject, StringComparison.Ordinal)
            ? "… " + summary.Headline[subject.Length..]
            : summary.Headline;
        foreach (var line in Terminal.Wrap(headline, Terminal.Width - 10))
        {
            terminal.Line(terminal.Dim(new string(' ', 10) + line));
        }
    }

    /// <summary>A summary as the server writes it for a terminal; only the assessment is painted.</summary>
    public static void Write(this Terminal terminal, string text, string assessment)
    {
        foreach (var (index, line) in text.TrimEnd('\n').Split('\n').Index())
        {
            terminal.Line(
                index == 0 ? terminal.Bold(line)
                : line.StartsWith(assessment, StringComparison.Ordinal) ? terminal.PaintAssessment(assessment) + line[assessment.Length..]
                : line
            );
        }
    }

    // Statuses first: times and ids that change along with them say nothing more. A task that ran again between two looks shows as a new
    // start only.
    private static string What(Observation seen)
    {
        if (seen.Sequence == 1)
        {
            return $"first seen in phase {seen.Phase}";
        }

        var statuses = seen
            .Changes.Where(change => change.Task is not null && change.What is "status" or "task")
            .Select(change => $"{change.Task} {change.From ?? "–"} → {change.To ?? "–"}")
            .ToList();
        var again = seen
            .Changes.Where(change =>
                change is { Task: not null, What: "startedAt", From: not null }
                && !statuses.Exists(reported => reported.StartsWith(change.Task, StringComparison.Ordinal))
            )
            .Select(change => $"{change.Task} runs again");
        var phase = seen
            .Changes.Where(change => change.Task is null && change.What == "phase" && change.To is "Success" or "Cancel")
            .Select(change => $"phase {change.To}");
        var reported = string.Join(", ", [.. statuses, .. again, .. phase]);
        return reported.Length > 0
            ? reported
            : string.Join(", ", seen.Changes.Select(change => $"{change.Task} {change.What}".Trim()).Distinct());
    }

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : text[..(width - 1)] + "…";
}
