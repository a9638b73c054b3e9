using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>
/// A report as Markdown with tables: the sentence first, then the groups, the tasks, what failed most and what took longest.
/// </summary>
public static class ReportMarkdown
{
    /// <summary>Groups shown at most; a chat is no place for more.</summary>
    public const int MaxGroups = 60;

    private const int MaxTasks = 20,
        MaxActive = 20,
        MaxId = 64;

    /// <summary>The whole text.</summary>
    public static string Write(UpgradeReport report)
    {
        var page = new MarkdownPage();
        page.Labelled(ReportPhrases.Headline(report), null);
        page.Paragraph(report.Note);
        page.Paragraph(ReportPhrases.Comparison(report));
        page.Paragraph(ReportPhrases.Trouble(report.Total));
        page.Paragraph(ReportPhrases.NotWatched(report.Total));
        page.Paragraph(ReportPhrases.HeldUp(report.Total));
        page.Paragraph($"Ended {ReportPhrases.Period(report.From, report.To)}{ReportPhrases.ByGroup(report)}.");
        page.Paragraph(ReportPhrases.GoingOn(report));
        page.Paragraph(ReportPhrases.Unreadable(report.Unreadable));
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
        var shown = report.GroupBy == "none" ? [] : ReportPhrases.Shown(report, MaxGroups);
        page.Table(
            [
                ReportPhrases.Grouped(report),
                ">Runs",
                ">Succeeded",
                ">First try",
                ">Ran, median (P50)",
                ">P80 (four of five)",
                ">Waited, median (P50)",
                ">P80 (four of five)",
            ],
            [.. shown.Select(group => Row(ReportPhrases.Name(group), group)), Row("All", report.Total)]
        );
        page.Paragraph(report.GroupBy == "none" ? null : ReportPhrases.LeftOut(report, shown.Count));
    }

    private static string[] Row(string name, UpgradeStatistics statistics) =>
        [
            name,
            ReportPhrases.Number(statistics.Runs),
            ReportPhrases.OfRate(statistics.Succeeded, statistics.SuccessRate),
            ReportPhrases.Percent(statistics.FirstTimeSuccessRate),
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
            ["Task", ">Runs", ">Failed", ">Ran, median (P50)", ">P80 (four of five)", ">Waited, median (P50)", ">P80 (four of five)"],
            tasks
                .Take(MaxTasks)
                .Select(task =>
                    (string[])
                        [
                            ReportPhrases.Name(task.Type.Value),
                            ReportPhrases.Number(task.Runs),
                            ReportPhrases.Number(task.Failures),
                            .. Times(task.RunSeconds),
                            .. Times(task.WaitSeconds),
                        ]
                )
        );
        page.Paragraph(
            tasks.Count > MaxTasks
                ? $"{ReportPhrases.Number(tasks.Count - MaxTasks)} more kinds of tasks are left out; format=json has all."
                : null
        );
    }

    private static void TopFailures(MarkdownPage page, IReadOnlyList<TopFailure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        page.Heading(3, "What failed most, and what it cost");
        page.Table(
            ["Task", "Item", ">Failed runs", ">Upgrades", ">Blocked in all", ">Blocked (median)", ">Next attempt held"],
            failures.Select(failure =>
                (string[])
                    [
                        ReportPhrases.Name(failure.Type.Value),
                        ReportPhrases.Name(failure.Name),
                        ReportPhrases.Number(failure.Count),
                        failure.Upgrades is { } upgrades ? ReportPhrases.Number(upgrades) : "–",
                        Cost(failure.BlockedSeconds),
                        Cost(failure.MedianBlockedSeconds),
                        failure.ResolvedByNextAttempt is { } resolved ? ReportPhrases.Number(resolved) : "–",
                    ]
            )
        );
    }

    private static string Cost(double? seconds) => seconds is { } known ? ReportPhrases.Duration(known) : "–";

    private static void Slowest(MarkdownPage page, IReadOnlyList<SlowUpgrade> slowest)
    {
        if (slowest.Count == 0)
        {
            return;
        }

        page.Heading(3, "Longest");
        page.Table(
            ["Cluster", "Target version", "Ended", "Outcome", ">Ran", ">In all", "Workflow"],
            slowest.Select(run =>
                (string[])
                    [
                        ReportPhrases.Name(run.ClusterName ?? run.ClusterId),
                        ReportPhrases.Name(run.TargetVersion),
                        run.EndedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        ReportPhrases.Ended(run.Outcome),
                        ReportPhrases.Duration(run.RunSeconds),
                        run.ElapsedSeconds is { } elapsed ? ReportPhrases.Duration(elapsed) : "",
                        ReportPhrases.Name(run.WorkflowId, MaxId),
                    ]
            )
        );
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
            active
                .Take(MaxActive)
                .Select(run =>
                    (string[])
                        [
                            ReportPhrases.Name(run.ClusterName ?? run.ClusterId),
                            ReportPhrases.Name(run.TargetVersion),
                            ReportPhrases.Stands(run),
                            run.ElapsedSeconds is { } elapsed ? ReportPhrases.Duration(elapsed) : "",
                            run.ActiveSeconds is { } ran ? ReportPhrases.Duration(ran) : "",
                            ReportPhrases.Name(run.WorkflowId, MaxId),
                        ]
                )
        );
        page.Paragraph(active.Count > MaxActive ? $"Only the longest {MaxActive} of them are shown; format=json has more." : null);
    }

    private static string[] Times(Percentiles? times) =>
        times is null ? ["", ""] : [ReportPhrases.Duration(times.P50), ReportPhrases.Duration(times.P80)];
}
