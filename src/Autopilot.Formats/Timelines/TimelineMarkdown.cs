using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Timelines;

/// <summary>A timeline as a table in Markdown.</summary>
public static class TimelineMarkdown
{
    /// <summary>Rows that a reader of a chat still reads; of more, the newest.</summary>
    private const int MostRows = 60;

    /// <summary>The page.</summary>
    public static string Write(UpgradeTimeline timeline)
    {
        var page = new MarkdownPage();
        page.Heading(3, $"Timeline: {TimelinePhrases.Title(timeline)}");
        if (TimelinePhrases.StandOf(timeline) is { } standing)
        {
            page.Labelled($"{standing}:", timeline.Headline);
        }

        page.Paragraph(TimelinePhrases.Span(timeline));
        var lanes = TimelineLane.Of(timeline);
        foreach (var lane in lanes)
        {
            var expiry = timeline.To is { } to ? lane.Expiry(to) : null;
            page.Item($"{lane.Name}:", expiry is null ? lane.Description() : $"{lane.Description()}; its result {expiry}");
        }

        var rows = TimelineLane.Shown(timeline);
        var hidden = Math.Max(0, rows.Count - MostRows);
        if (hidden > 0)
        {
            page.Paragraph($"The {SummaryPhrases.Count(hidden)} earlier rows are left out; as JSON and as a picture they are there.");
        }

        if (rows.Count > 0)
        {
            page.Table(
                ["Task", "What", "From (UTC)", "To (UTC)", ">How long"],
                rows.Skip(hidden)
                    .Select(row =>
                        new[]
                        {
                            row.Task.Value.Length > 0 ? row.Task.Value : "–",
                            TimelinePhrases.What(row),
                            TimelinePhrases.Moment(row.StartedAt),
                            row.EndedAt is { } ended ? TimelinePhrases.Moment(ended)
                            : row.Seconds is not null ? "goes on"
                            : "–",
                            SummaryPhrases.Span(row.Seconds),
                        }
                    )
            );
        }

        return page.ToString();
    }
}
