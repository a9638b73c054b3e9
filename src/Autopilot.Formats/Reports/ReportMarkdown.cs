using System.Globalization;
using System.Text;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>A report as Markdown with tables: the sentence first, then the groups, the tasks, what failed most and what took longest.</summary>
public static class ReportMarkdown
{
    /// <summary>Groups shown at most; a chat is no place for more.</summary>
    public const int MaxGroups = 60;

    private const int MaxTasks = 20;

    /// <summary>The whole text, with a line feed at its end.</summary>
    public static string Write(UpgradeReport report)
    {
        var text = new StringBuilder();
        Paragraph(text, $"**{ReportWords.Headline(report)}**");
        Paragraph(text, ReportWords.Comparison(report));
        Paragraph(text, ReportWords.Trouble(report.Total));
        Paragraph(text, $"Ended {ReportWords.Period(report.From, report.To)}{ReportWords.ByGroup(report)}.");
        if (report.Total.Runs > 0)
        {
            Groups(text, report);
            Tasks(text, report.Total.Tasks);
            TopFailures(text, report.Total.TopFailures);
            Slowest(text, report.Total.Slowest);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Groups(StringBuilder text, UpgradeReport report)
    {
        var shown = report.GroupBy == "none" ? [] : ReportWords.Shown(report, MaxGroups);
        Row(text, ReportWords.Grouped(report), "Runs", "Succeeded", "First try", "Ran, half up to", "80 % up to", "Waited, half up to", "80 % up to");
        Rule(text, 8, 1);
        foreach (var group in shown)
        {
            Row(text, [Name(group.Key), .. Figures(group)]);
        }

        Row(text, ["**All**", .. Figures(report.Total)]);
        text.Append('\n');
        Paragraph(text, report.GroupBy == "none" ? null : ReportWords.LeftOut(report, shown.Count));
    }

    private static IEnumerable<string> Figures(RunFigures figures) =>
    [
        ReportWords.Number(figures.Runs),
        $"{ReportWords.Number(figures.Succeeded)}{(figures.SuccessRate is null ? "" : $" ({ReportWords.Percent(figures.SuccessRate)})")}",
        ReportWords.Percent(figures.FirstTimeSuccessRate),
        .. Times(figures.RunSeconds),
        .. Times(figures.WaitSeconds),
    ];

    private static void Tasks(StringBuilder text, IReadOnlyList<TaskFigures> tasks)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        Heading(text, "Tasks");
        Row(text, "Task", "Runs", "Failed", "Ran, half up to", "80 % up to", "Waited, half up to", "80 % up to");
        Rule(text, 7, 1);
        foreach (var task in tasks.Take(MaxTasks))
        {
            Row(text, [Name(task.Type.Value), ReportWords.Number(task.Runs), ReportWords.Number(task.Failures), .. Times(task.RunSeconds), .. Times(task.WaitSeconds)]);
        }

        text.Append('\n');
        Paragraph(text, tasks.Count > MaxTasks ? $"{tasks.Count - MaxTasks} more kinds of tasks are left out; format=json has all." : null);
    }

    private static void TopFailures(StringBuilder text, IReadOnlyList<TopFailure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        Heading(text, "What failed most");
        Row(text, "Task", "Item", "Failed runs");
        Rule(text, 3, 2);
        foreach (var failure in failures)
        {
            Row(text, Name(failure.Type.Value), Name(failure.Name), ReportWords.Number(failure.Count));
        }

        text.Append('\n');
    }

    private static void Slowest(StringBuilder text, IReadOnlyList<SlowRun> slowest)
    {
        if (slowest.Count == 0)
        {
            return;
        }

        Heading(text, "Longest");
        Row(text, "Cluster", "Target version", "Ended", "Outcome", "Ran", "In all", "Workflow");
        text.Append("| --- | --- | --- | --- | ---: | ---: | --- |\n");
        foreach (var run in slowest)
        {
            Row(
                text,
                Name(run.ClusterName ?? run.ClusterId),
                Name(run.TargetVersion),
                run.EndedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ReportWords.Ended(run.Outcome),
                ReportWords.Duration(run.RunSeconds),
                run.ElapsedSeconds is { } elapsed ? ReportWords.Duration(elapsed) : "",
                Name(run.WorkflowId, 64));
        }
    }

    private static IEnumerable<string> Times(Percentiles? times) => times is null ? ["", ""] : [ReportWords.Duration(times.P50), ReportWords.Duration(times.P80)];

    private static string Name(string? name, int most = ReportWords.MaxName) => MarkdownText.Escaped(name, most);

    private static void Heading(StringBuilder text, string heading) => text.Append("### ").Append(heading).Append("\n\n");

    private static void Paragraph(StringBuilder text, string? paragraph)
    {
        if (paragraph is not null)
        {
            text.Append(paragraph).Append("\n\n");
        }
    }

    private static void Row(StringBuilder text, params IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    /// <summary>The line below the head: words to the left, figures to the right.</summary>
    private static void Rule(StringBuilder text, int columns, int words) => Row(text, Enumerable.Range(0, columns).Select(column => column < words ? "---" : "---:"));
}
