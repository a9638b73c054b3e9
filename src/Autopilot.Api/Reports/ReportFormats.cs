using System.Text;
using Autopilot.Api.Problems;
using Autopilot.Api.Representations;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Reports;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Reports;

/// <summary>The forms of a report.</summary>
internal static class ReportFormats
{
    private static readonly Dictionary<string, ReportChart> Charts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["all"] = ReportChart.All,
        ["runTime"] = ReportChart.RunTime,
        ["outcomes"] = ReportChart.Outcomes,
        ["tasks"] = ReportChart.Tasks,
    };

    public static IReadOnlyList<Format> Offered { get; } = [Format.Json, Format.Markdown, Format.Card, Format.Svg, Format.Csv];

    /// <summary>By its name; null means all of them.</summary>
    public static bool TryChart(string? text, out ReportChart chart, out Problem? problem)
    {
        problem = Charts.TryGetValue(text ?? "all", out chart)
            ? null
            : ProblemFactory.InvalidParameter("chart", $"one of {string.Join(", ", Charts.Keys)}");
        return problem is null;
    }

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
        return new Representation(Write(report, chart, format), format) { Style = format == Format.Svg ? ReportSvg.Style : null };
    }

    private static ReadOnlyMemory<byte> Write(UpgradeReport report, ReportChart chart, Format format) =>
        format == Format.Markdown ? Encoding.UTF8.GetBytes(ReportMarkdown.Write(report))
        : format == Format.Card ? ReportCard.Write(report)
        : format == Format.Svg ? ReportSvg.Write(report, chart)
        : format == Format.Csv ? GroupColumns.Write(report)
        : JsonBody.Serialize(report, ApiJson.Default.UpgradeReport);
}
