using System.Globalization;

namespace Autopilot.Demo;

/// <summary>Words and columns: how changes and summaries look in a terminal.</summary>
internal static class Telling
{
    /// <summary>One change: time, cluster, assessment and what became what; below it the sentence for a person, where the summary is of this very state.</summary>
    public static void Tell(this Terminal terminal, Summary summary, Observation seen)
    {
        var time = seen.ObservedAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        terminal.Line($"{time}  {Fit(summary.Name, 20)}  {terminal.PaintAssessment(Fit(seen.Assessment, 11))}  {What(seen)}");
        if (seen.Sequence != summary.Sequence)
            return;

        // The line above says which upgrade it is.
        var subject = $"Upgrade of cluster {summary.ClusterName} from {summary.FromVersion} to {summary.TargetVersion} ";
        var headline = summary.Headline.StartsWith(subject, StringComparison.Ordinal) ? "… " + summary.Headline[subject.Length..] : summary.Headline;
        foreach (var line in Terminal.Wrap(headline, Terminal.Width - 10))
            terminal.Line(terminal.Dim(new string(' ', 10) + line));
    }

    /// <summary>A summary as a chatbot would show it.</summary>
    public static void Tell(this Terminal terminal, Summary summary)
    {
        terminal.Line(terminal.Bold($"{summary.Name}  {summary.FromVersion} → {summary.TargetVersion}"));
        terminal.Wrapped(summary.Headline, 14, summary.Assessment);
        if (summary.BlockingTask is { } blocking)
        {
            terminal.Line();
            terminal.Wrapped($"{blocking.Type}, {blocking.Reason}{(blocking.Since is { } since ? $" since {since.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}" : "")}", 14, "Blocked by");
            terminal.Wrapped(blocking.Message, 14, "What");
            terminal.Wrapped(blocking.Remediation, 14, "To do");
            foreach (var detail in blocking.Details ?? [])
                terminal.Wrapped($"{detail.Name}: {detail.Message}", 14, $"  {detail.Level ?? "Info"}");
        }

        terminal.Line();
        terminal.Line(terminal.Dim($"{"Task",-14}{"Status",-14}{"Attempts",8}{"Waited",12}{"Ran",12}"));
        foreach (var task in summary.Tasks ?? [])
        {
            terminal.Line($"{task.Type,-14}{(task.Required || task.Attempts > 0 ? task.Status : "not needed"),-14}{(task.Attempts > 0 ? task.Attempts.ToString(CultureInfo.InvariantCulture) : "–"),8}"
                + $"{Span(task.WaitSeconds),12}{Span(task.DurationSeconds),12}");
            if (task.Runs is { Count: > 1 } runs)
            {
                foreach (var (index, run) in runs.Index())
                    terminal.Line(terminal.Dim($"{$"  run {index + 1}",-14}{run.Status,-14}{"",8}{"",12}{Span(run.DurationSeconds),12}"));
            }
        }

        terminal.Line();
        terminal.Line($"{Span(summary.ElapsedSeconds)} in all: {Span(summary.ActiveSeconds)} of work, {Span(summary.WaitingSeconds)} of waiting; "
            + $"{summary.Progress?.Completed ?? 0} of {summary.Progress?.Total ?? 0} required tasks done.");
    }

    /// <summary>Seconds in two units: <c>1h 05m</c>, <c>15m 13s</c>, <c>41s</c>.</summary>
    internal static string Span(double? seconds)
    {
        if (seconds is not { } known)
            return "–";
        var span = TimeSpan.FromSeconds(Math.Round(known));
        return span switch
        {
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h {span.Minutes:00}m"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m {span.Seconds:00}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds}s"),
        };
    }

    // Statuses first: times and ids that change along with them say nothing more. A task that ran again between two looks shows as a new start only.
    private static string What(Observation seen)
    {
        if (seen.Sequence == 1)
            return $"first seen in phase {seen.Phase}";

        var statuses = seen.Changes.Where(change => change.Task is not null && change.What is "status" or "task").Select(change => $"{change.Task} {change.From ?? "–"} → {change.To ?? "–"}").ToList();
        var again = seen.Changes.Where(change => change is { Task: not null, What: "startedAt", From: not null } && !statuses.Exists(told => told.StartsWith(change.Task, StringComparison.Ordinal)))
            .Select(change => $"{change.Task} runs again");
        var phase = seen.Changes.Where(change => change.Task is null && change.What == "phase" && change.To is "Success" or "Cancel").Select(change => $"phase {change.To}");
        var told = string.Join(", ", [.. statuses, .. again, .. phase]);
        return told.Length > 0 ? told : string.Join(", ", seen.Changes.Select(change => $"{change.Task} {change.What}".Trim()).Distinct());
    }

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : text[..(width - 1)] + "…";
}
