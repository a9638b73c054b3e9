using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>
/// A report as an Adaptive Card. What does not fit into the size that clients take is left out, the least needed first, and the card says
/// so.
/// </summary>
public static class ReportCard
{
    /// <summary>From all that a card is made for down to the sentences, which always fit.</summary>
    private static readonly Extent[] Extents =
    [
        new(24, 8, 5, 5),
        new(18, 8, 5, 3),
        new(12, 5, 5, 3),
        new(12, 5, 3, 0),
        new(6, 5, 3, 0),
        new(6, 5, 0, 0),
        new(3, 0, 0, 0),
        new(0, 0, 0, 0),
    ];

    /// <summary>The whole card, under <see cref="CardWriter.MaxBytes"/> whatever is in the report.</summary>
    public static ReadOnlyMemory<byte> Write(UpgradeReport report)
    {
        ReadOnlyMemory<byte> card = default;
        foreach (var extent in Extents)
        {
            card = CardWriter.ToBytes(writer => Body(writer, report, extent), Fallback(report));
            if (card.Length <= CardWriter.MaxBytes)
            {
                break;
            }
        }

        return card;
    }

    private static string Fallback(UpgradeReport report) =>
        ReportPhrases.Comparison(report) is { } comparison
            ? $"{ReportPhrases.Headline(report)} {comparison}"
            : ReportPhrases.Headline(report);

    private static void Body(CardWriter card, UpgradeReport report, Extent extent)
    {
        var total = report.Total;
        card.Block(new CardText(ReportPhrases.Headline(report)) { Bold = true, Size = "Medium" });
        if (report.Note is { } note)
        {
            card.Block(new CardText(note));
        }

        if (ReportPhrases.Comparison(report) is { } comparison)
        {
            card.Block(new CardText(comparison) { Severity = ReportPhrases.SeverityOf(report) });
        }

        if (ReportPhrases.Trouble(total) is { } trouble)
        {
            card.Block(new CardText(trouble), spacing: "Small");
        }

        if (ReportPhrases.NotWatched(total) is { } notWatched)
        {
            card.Block(new CardText(notWatched), spacing: "Small");
        }

        if (ReportPhrases.HeldUp(total) is { } heldUp)
        {
            card.Block(new CardText(heldUp), spacing: "Small");
        }

        if (ReportPhrases.GoingOn(report) is { } goingOn)
        {
            card.Block(new CardText(goingOn), spacing: "Small");
        }

        if (ReportPhrases.Unreadable(report.Unreadable) is { } unreadable)
        {
            card.Block(new CardText(unreadable) { Severity = Severity.Careful }, spacing: "Small");
        }

        var left = new List<string>();
        if (total.Runs > 0)
        {
            Groups(card, report, extent.Groups, left);
            Tasks(card, total.Tasks, extent.Tasks, left);
            Lines(
                card,
                "Failed most",
                "what failed most",
                total.TopFailures,
                extent.Failures,
                left,
                failure =>
                    [
                        new($"{ReportPhrases.Number(failure.Count)} × ") { Bold = true },
                        new(
                            $"{ReportPhrases.Name(failure.Type.Value)}: {ReportPhrases.Name(failure.Name)}"
                                + (failure.BlockedSeconds is { } blocked ? $", which blocked {ReportPhrases.Duration(blocked)} in all" : "")
                        ),
                    ]
            );
            Lines(
                card,
                "Longest",
                "the longest",
                total.Slowest,
                extent.Slowest,
                left,
                run =>
                    [
                        new(ReportPhrases.Duration(run.RunSeconds)) { Bold = true },
                        new(
                            $" {ReportPhrases.Name(run.ClusterName ?? run.ClusterId)}"
                                + (run.TargetVersion is { Length: > 0 } version ? $" to {ReportPhrases.Name(version)}" : "")
                                + $", {ReportPhrases.Ended(run.Outcome)} {Day(run.EndedAt)}"
                        ),
                    ]
            );
        }

        Lines(
            card,
            "Going on",
            "what goes on",
            report.Active ?? [],
            extent.Slowest,
            left,
            run =>
                [
                    new(run.ElapsedSeconds is { } elapsed ? $"{ReportPhrases.Duration(elapsed)} so far" : "Since unknown") { Bold = true },
                    new($" {ReportPhrases.Planned(run)}: {ReportPhrases.Stands(run)}"),
                ]
        );
        List<string> foot = [$"Ended {ReportPhrases.Period(report.From, report.To)}."];
        if (total.Runs > 0 && (extent.Groups > 0 || extent.Tasks > 0))
        {
            foot.Add("Ran and waited: median (P50) and P80, which half and four of five did not exceed.");
        }

        if (left.Count > 0)
        {
            foot.Add($"Left out here: {string.Join(", ", left)}.");
        }

        card.Block(new CardText(string.Join(' ', foot)) { Size = "Small", Subtle = true });
    }

    private static void Groups(CardWriter card, UpgradeReport report, int most, List<string> left)
    {
        var shown = report.GroupBy == "none" ? [] : ReportPhrases.Shown(report, most);
        if (report.GroupBy != "none" && shown.Count < report.Groups.Count)
        {
            left.Add(
                $"{ReportPhrases.Number(report.Groups.Count - shown.Count)} of {ReportPhrases.Number(report.Groups.Count)} "
                    + $"{ReportPhrases.Grouped(report).ToLowerInvariant()}s"
            );
        }

        if (most == 0)
        {
            return;
        }

        card.Table(
            [
                new(ReportPhrases.Grouped(report), 3),
                new("Runs", 1, true),
                new("Succeeded", 2, true),
                new("First try", 1, true),
                new("Ran", 3, true),
                new("Waited", 3, true),
            ],
            [.. shown.Select(group => Row(ReportPhrases.Name(group), group)), Row("All", report.Total)]
        );
    }

    private static string[] Row(string name, UpgradeStatistics statistics) =>
        [
            name,
            ReportPhrases.Number(statistics.Runs),
            ReportPhrases.OfRate(statistics.Succeeded, statistics.SuccessRate),
            ReportPhrases.Percent(statistics.FirstTimeSuccessRate),
            ReportPhrases.Range(statistics.RunSeconds),
            ReportPhrases.Range(statistics.WaitSeconds),
        ];

    private static void Tasks(CardWriter card, IReadOnlyList<TaskStatistics> tasks, int most, List<string> left)
    {
        if (tasks.Count > most)
        {
            left.Add(
                most == 0
                    ? "the tasks"
                    : $"{ReportPhrases.Number(tasks.Count - most)} of {ReportPhrases.Number(tasks.Count)} kinds of tasks"
            );
        }

        if (tasks.Count > 0 && most > 0)
        {
            card.Table(
                [new("Task", 3), new("Runs", 1, true), new("Failed", 1, true), new("Ran", 3, true), new("Waited", 3, true)],
                tasks
                    .Take(most)
                    .Select(task =>
                        (string[])
                            [
                                ReportPhrases.Name(task.Type.Value),
                                ReportPhrases.Number(task.Runs),
                                ReportPhrases.Number(task.Failures),
                                ReportPhrases.Range(task.RunSeconds),
                                ReportPhrases.Range(task.WaitSeconds),
                            ]
                    )
            );
        }
    }

    private static void Lines<T>(
        CardWriter card,
        string title,
        string what,
        IReadOnlyList<T> all,
        int most,
        List<string> left,
        Func<T, IEnumerable<CardText>> line
    )
    {
        if (all.Count > most)
        {
            left.Add(most == 0 ? what : $"{ReportPhrases.Number(all.Count - most)} of {what}");
        }

        if (all.Count > 0 && most > 0)
        {
            card.Block(new CardText(title) { Bold = true }, spacing: "Medium");
            foreach (var item in all.Take(most))
            {
                card.Block(line(item), spacing: "Small");
            }
        }
    }

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>How many of each are shown.</summary>
    private sealed record Extent(int Groups, int Tasks, int Failures, int Slowest);
}
