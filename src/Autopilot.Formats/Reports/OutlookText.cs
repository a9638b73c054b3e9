using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>An outlook as plain text for any terminal, at most 80 columns wide.</summary>
public static class OutlookText
{
    private const int MaxRows = 20;

    /// <summary>The page.</summary>
    public static string Write(UpgradeOutlook outlook)
    {
        var view = OutlookView.Of(outlook);
        var page = new TextPage();
        page.Paragraph(view.Headline);
        page.Gap();
        foreach (var (label, text) in view.Facts)
        {
            page.Labelled(label, text);
        }

        foreach (var part in view.Parts)
        {
            page.Gap();
            page.Labelled(part.Label, part.Says);
            if (part.Shown(MaxRows) is { Count: > 0 } rows)
            {
                page.Gap();
                page.Table([.. part.Columns.Select(column => new TextColumn(column.Title, column.Most, column.Figures))], rows);
            }

            page.Paragraph(part.LeftOut(MaxRows) is { } left ? $"Left out here: {left}." : "");
            page.Paragraph(part.Note ?? "");
        }

        return page.ToString();
    }
}
