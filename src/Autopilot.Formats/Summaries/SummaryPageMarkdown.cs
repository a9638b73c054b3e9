using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>A page of summaries as a table in Markdown.</summary>
public static class SummaryPageMarkdown
{
    /// <summary>The page.</summary>
    public static string Write(SummaryPage list)
    {
        var page = new MarkdownPage();
        page.Paragraph(list.Count());
        if (list.Summaries.Count > 0)
        {
            page.Table(
                ["Assessment", "Cluster", "Upgrade", ">Done", "Now", "Workflow"],
                list.Summaries.Select(summary =>
                    new[]
                    {
                        $"{summary.Assessment}{(summary.Stale ? ", STALE" : "")}{(summary.Tracked ? "" : ", not tracked")}",
                        SummaryPhrases.Name(summary),
                        SummaryPhrases.Versions(summary) ?? "–",
                        SummaryPage.Done(summary),
                        summary.Tracked ? SummaryPage.Why(summary) : $"{SummaryPage.Why(summary)}, {SummaryPage.AsOf(summary)}",
                        summary.Id,
                    }
                )
            );
        }

        page.LeftOut(list.LeftOut(), list.NextLink);
        return page.ToString();
    }
}
