using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>A page of summaries as plain text: a line for each, and below it what holds it up where a person should act.</summary>
public static class SummaryPageText
{
    private const int Assessments = 11,
        Ids = 36,
        Names = 23;

    /// <summary>The page.</summary>
    public static string Write(SummaryPage list)
    {
        var page = new TextPage();
        page.Paragraph(list.Count());
        page.Gap();
        if (list.Summaries.Count > 0)
        {
            page.Columns(Line("Assessment", "Cluster", "Workflow", "Done"));
        }

        foreach (var summary in list.Summaries)
        {
            var name = SummaryPhrases.Name(summary);
            page.Columns(Line(summary.Assessment.ToString(), name, summary.Id, SummaryPage.Done(summary)));
            if (TextWidth.Of(name) > Names)
            {
                page.Labelled("", $"cluster {name}");
            }

            if (summary.Id.Length > Ids)
            {
                page.Labelled("", summary.Id);
            }

            if (SummaryPage.NeedsPerson(summary) || !summary.Tracked)
            {
                var untracked = summary.Tracked ? "" : $"NOT TRACKED, {SummaryPage.AsOf(summary)}: ";
                var stale = summary.Stale ? "STALE: " : "";
                var versions = SummaryPhrases.Versions(summary) is { } known ? $"; {known}" : "";
                page.Labelled("", $"{untracked}{stale}{SummaryPage.Why(summary)}{versions}");
            }
        }

        page.LeftOut(list.LeftOut(), list.NextLink);
        return page.ToString();
    }

    private static (string, int)[] Line(string assessment, string name, string id, string done) =>
        [(assessment, Assessments), (name, Names), (id, Ids), (done, 7)];
}
