using Autopilot.Api.Representations;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Reports;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Reports;

/// <summary>The formats of a report.</summary>
internal static class ReportFormats
{
    public static FormatWriters<ChartedReport> Report { get; } =
        new FormatWriters<ChartedReport>()
            .Add(Format.Json, answer => JsonBody.Serialize(answer.Report, ApiJson.Default.UpgradeReport))
            .AddText(Format.Markdown, answer => ReportMarkdown.Write(answer.Report))
            .Add(Format.Card, answer => ReportCard.Write(answer.Report))
            .Add(Format.Svg, answer => ReportSvg.Write(answer.Report, answer.Chart))
            .Add(Format.Csv, answer => GroupColumns.Write(answer.Report));

    /// <summary>The report in the format that was chosen.</summary>
    /// <param name="chart">Of a picture: what it shows.</param>
    public static IResult Answer(UpgradeReport report, ReportChart chart, HttpContext context)
    {
        var format = context.ChosenFormat();
        if (format == Format.Csv)
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=\"upgrade-report.csv\"";
            if (report.Unreadable is { } rows)
            {
                context.Response.Headers[UnreadableHeader.Name] = UnreadableHeader.ValueOf(rows);
            }
        }
        return new Representation(Report.Write(new ChartedReport(report, chart), format), format)
        {
            Style = format == Format.Svg ? ReportSvg.Style : null,
        };
    }
}
