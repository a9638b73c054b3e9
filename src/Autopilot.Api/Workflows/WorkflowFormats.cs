using System.Text;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Timelines;

namespace Autopilot.Api.Workflows;

/// <summary>Which formats the answers about workflows have, and each of them written.</summary>
internal static class WorkflowFormats
{
    /// <summary>Of a summary, and of a list of them.</summary>
    public static IReadOnlyList<Format> OfSummaries { get; } = [Format.Json, Format.Markdown, Format.Text, Format.Card];

    public static IReadOnlyList<Format> OfTimelines { get; } = [Format.Json, Format.Svg, Format.Markdown];

    public static ReadOnlyMemory<byte> Write(WorkflowSummary summary, Format format) =>
        format.Name switch
        {
            "markdown" => Utf8(SummaryMarkdown.Write(summary)),
            "text" => Utf8(SummaryText.Write(summary)),
            "card" => SummaryCard.Write(summary),
            _ => JsonBody.Serialize(summary, ApiJson.Default.WorkflowSummary),
        };

    /// <param name="page">The page in the forms for people.</param>
    /// <param name="format">Any of them but JSON.</param>
    public static ReadOnlyMemory<byte> Write(SummaryPage page, Format format) =>
        format.Name switch
        {
            "markdown" => Utf8(SummaryPageMarkdown.Write(page)),
            "text" => Utf8(SummaryPageText.Write(page)),
            _ => SummaryPageCard.Write(page),
        };

    public static ReadOnlyMemory<byte> Write(UpgradeTimeline timeline, Format format) =>
        format.Name switch
        {
            "markdown" => Utf8(TimelineMarkdown.Write(timeline)),
            "svg" => TimelineSvg.Write(timeline),
            _ => JsonBody.Serialize(timeline, ApiJson.Default.UpgradeTimeline),
        };

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
