using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>A report as Markdown with tables: the sentence first, then the groups, the tasks, what failed most and what took longest.</summary>
public static class ReportMarkdown
{
    /// <summary>Groups shown at most; a chat is no place for more.</summary>
    public const int MaxGroups = 60;

    private const int MaxTasks = 20, MaxActive = 20, MaxId = 64;

    /// <summary>The whole text.</summary>
    public static string Write(UpgradeReport report)
    {
        var page = new MarkdownPage();
        page.Labelled(ReportWords.Headline(report), null);
        page.Paragraph(ReportWords.Comparison(report));
        page.Paragraph(ReportWords.Trouble(report.Total));
        page.Paragraph(ReportWords.HeldUp(report.Total));
        page.Paragraph($"Ended {ReportWords.Period(report.From, report.To)}{ReportWords.ByGroup(report)}.");
        page.Paragraph(ReportWords.GoingOn(report));
        page.Paragraph(ReportWords.Unreadable(report.Unreadable));
        if (report.Total.Runs > 0)
        {
            Groups(page, report);
            Tasks(page, report.Total.Tasks);
            TopFailures(page, report.Total.TopFailures);
            Slowest(page, report.Total.Slowest);
        }

        Active(page, report.Active ?? []);

        return page.ToString();
    }

    private static void Groups(MarkdownPage page, UpgradeReport report)
    {
        var shown = report.GroupBy == "none" ? [] : ReportWords.Shown(report, MaxGroups);
        page.Table(
            [ReportWords.Grouped(report), ">Runs", ">Succeeded", ">First try", ">Ran, half up to", ">80 % up to", ">Waited, half up to", ">80 % up to"],
            [.. shown.Select(group => Row(ReportWords.Name(group), group)), Row("All", report.Total)]);
        page.Paragraph(report.GroupBy == "none" ? null : ReportWords.LeftOut(report, shown.Count));
    }

    private static string[] Row(string name, UpgradeStatistics statistics) =>
    [
        name,
        ReportWords.Number(statistics.Runs),
        ReportWords.OfRate(statistics.Succeeded, statistics.SuccessRate),
        ReportWords.Percent(statistics.FirstTimeSuccessRate),
        .. Times(statistics.RunSeconds),
        .. Times(statistics.WaitSeconds),
    ];

    private static void Tasks(MarkdownPage page, IReadOnlyList<TaskStatistics> tasks)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        page.Heading(3, "Tasks");
        page.Table(
            ["Task", ">Runs", ">Failed", ">Ran, half up to", ">80 % up to", ">Waited, half up to", ">80 % up to"],
            tasks.Take(MaxTasks).Select(task => (string[])
                [ReportWords.Name(task.Type.Value), ReportWords.Number(task.Runs), ReportWords.Number(task.Failures), .. Times(task.RunSeconds), .. Times(task.WaitSeconds)]));
        page.Paragraph(tasks.Count > MaxTasks ? $"{ReportWords.Number(tasks.Count - MaxTasks)} more kinds of tasks are left out; format=json has all." : null);
    }

    private static void TopFailures(MarkdownPage page, IReadOnlyList<TopFailure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        page.Heading(3, "What failed most");
        page.Table(["Task", "Item", ">Failed runs"], failures.Select(failure => (string[])[ReportWords.Name(failure.Type.Value), ReportWords.Name(failure.Name), ReportWords.Number(failure.Count)]));
    }

    private static void Slowest(MarkdownPage page, IReadOnlyList<SlowUpgrade> slowest)
    {
        if (slowest.Count == 0)
        {
            return;
        }

        page.Heading(3, "Longest");
        page.Table(
            ["Cluster", "Target version", "Ended", "Outcome", ">Ran", ">In all", "Workflow"],
            slowest.Select(run => (string[])
            [
                ReportWords.Name(run.ClusterName ?? run.ClusterId),
                ReportWords.Name(run.TargetVersion),
                run.EndedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ReportWords.Ended(run.Outcome),
                ReportWords.Duration(run.RunSeconds),
                run.ElapsedSeconds is { } elapsed ? ReportWords.Duration(elapsed) : "",
                ReportWords.Name(run.WorkflowId, MaxId),
            ]));
    }

    private static void Active(MarkdownPage page, IReadOnlyList<ActiveUpgrade> active)
    {
        if (active.Count == 0)
        {
            return;
        }

        page.Heading(3, "Going on");
        page.Table(
            ["Cluster", "Target version", "Stands", ">So far", ">Of that, ran", "Workflow"],
            active.Take(MaxActive).Select(run => (string[])
            [
                ReportWords.Name(run.ClusterName ?? run.ClusterId),
                ReportWords.Name(run.TargetVersion),
                ReportWords.Stands(run),
                run.ElapsedSeconds is { } elapsed ? ReportWords.Duration(elapsed) : "",
                run.ActiveSeconds is { } ran ? ReportWords.Duration(ran) : "",
                ReportWords.Name(run.WorkflowId, MaxId),
            ]));
        page.Paragraph(active.Count > MaxActive ? $"Only the longest {MaxActive} of them are shown; format=json has more." : null);
    }

    private static string[] Times(Percentiles? times) => times is null ? ["", ""] : [ReportWords.Duration(times.P50), ReportWords.Duration(times.P80)];
}
