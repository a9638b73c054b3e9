using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Timelines;

namespace Autopilot.Api.Workflows;

/// <summary>The formats of the answers about workflows.</summary>
internal static class WorkflowFormats
{
    public static FormatWriters<WorkflowSummary> Summary { get; } =
        new FormatWriters<WorkflowSummary>()
            .Add(Format.Json, summary => JsonBody.Serialize(summary, ApiJson.Default.WorkflowSummary))
            .AddText(Format.Markdown, SummaryMarkdown.Write)
            .AddText(Format.Text, SummaryText.Write)
            .Add(Format.Card, SummaryCard.Write);

    /// <summary>A page of summaries in the formats for people; its JSON is a <see cref="WorkflowPage"/>.</summary>
    public static FormatWriters<SummaryPage> Page { get; } =
        new FormatWriters<SummaryPage>()
            .AddText(Format.Markdown, SummaryPageMarkdown.Write)
            .AddText(Format.Text, SummaryPageText.Write)
            .Add(Format.Card, SummaryPageCard.Write);

    public static FormatWriters<UpgradeTimeline> Timeline { get; } =
        new FormatWriters<UpgradeTimeline>()
            .Add(Format.Json, timeline => JsonBody.Serialize(timeline, ApiJson.Default.UpgradeTimeline))
            .Add(Format.Svg, TimelineSvg.Write)
            .AddText(Format.Markdown, TimelineMarkdown.Write);
}
