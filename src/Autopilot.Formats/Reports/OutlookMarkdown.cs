using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>An outlook as Markdown: the answer in one sentence first, then what it is made of, with tables.</summary>
public static class OutlookMarkdown
{
    private const int MaxRows = 20;

    /// <summary>The whole text.</summary>
    public static string Write(UpgradeOutlook outlook)
    {
        var view = OutlookView.Of(outlook);
        var page = new MarkdownPage();
        page.Labelled(view.Headline, null);
        foreach (var (label, text) in view.Facts)
        {
            page.Item($"{label}:", text);
        }

        foreach (var part in view.Parts)
        {
            page.Heading(3, part.Title);
            page.Paragraph(part.Says);
            if (part.Shown(MaxRows) is { Count: > 0 } rows)
            {
                page.Table([.. part.Columns.Select(column => column.Figures ? $">{column.Title}" : column.Title)], rows);
            }

            page.Paragraph(part.LeftOut(MaxRows) is { } left ? $"Left out here: {left}." : null);
            page.Paragraph(part.Note);
        }

        return page.ToString();
    }
}
