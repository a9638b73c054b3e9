using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>A report as a picture: 640 wide, as high as it needs, with all of its figures as text for who hears it.</summary>
public static class ReportSvg
{
    /// <summary>The stylesheet of every such picture, so that a host can allow it by its hash in a Content-Security-Policy.</summary>
    public static string Style => ChartStyle.Text;

    private const double LineHeight = 21;
    private const int LineLength = 70;

    /// <summary>The picture as SVG in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Write(UpgradeReport report, ReportChart chart)
    {
        var headline = ReportPhrases.Headline(report);
        var period = $"Ended {ReportPhrases.Period(report.From, report.To)}.";
        var panels = Panels(report, chart);
        var title = $"Upgrades{ReportPhrases.ByGroup(report)}";
        var lines = Wrapped(headline);
        var host = 36 + (lines.Count + 1) * LineHeight + 24;
        var height = host + panels.Sum(panel => panel.Height) + 8;

        using var svg = new SvgWriter(ChartPanel.Width, height, title, Description(report, headline, period, panels), Style);
        svg.Start("g", ("class", "reports"));
        ChartStyle.WritePatterns(svg);
        svg.Element(
            "rect",
            null,
            ("width", SvgWriter.Number(ChartPanel.Width)),
            ("height", SvgWriter.Number(height)),
            ("rx", "8"),
            ("class", "paper")
        );
        svg.Text(ChartPanel.Margin, 36, title, "title");
        var y = 36 + LineHeight + 4;
        foreach (var line in lines)
        {
            svg.Text(ChartPanel.Margin, y, line, "text");
            y += LineHeight;
        }

        svg.Text(ChartPanel.Margin, y, period, "quiet");
        var top = host;
        foreach (var panel in panels)
        {
            svg.Start("g", ("class", "panel"));
            panel.Draw(svg, top);
            svg.End();
            top += panel.Height;
        }

        svg.End();
        return svg.ToBytes();
    }

    private static List<ChartPanel> Panels(UpgradeReport report, ReportChart chart)
    {
        if (report.Total.Runs == 0)
        {
            return [];
        }

        var groups = GroupAxis.Of(report);
        return chart switch
        {
            ReportChart.RunTime => [new RunTimePanel(groups)],
            ReportChart.Outcomes => [new OutcomesPanel(groups, report.Total)],
            ReportChart.Tasks => [new TasksPanel(report.Total)],
            _ => [new RunTimePanel(groups), new OutcomesPanel(groups, report.Total), new TasksPanel(report.Total)],
        };
    }

    private static string Description(UpgradeReport report, string headline, string period, List<ChartPanel> panels) =>
        string.Join(
            ' ',
            (
                (string?[])
                    [
                        headline,
                        ReportPhrases.Comparison(report),
                        ReportPhrases.Trouble(report.Total),
                        ReportPhrases.HeldUp(report.Total),
                        period,
                        ReportPhrases.GoingOn(report),
                        ReportPhrases.Unreadable(report.Unreadable),
                        .. panels.Select(panel => $"{panel.Title}: {panel.Description}"),
                    ]
            ).OfType<string>()
        );

    private static List<string> Wrapped(string text)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > LineLength)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}
