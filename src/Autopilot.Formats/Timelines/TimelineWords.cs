using System.Globalization;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Formats.Timelines;

/// <summary>What a timeline says in words, in every form.</summary>
internal static class TimelineWords
{
    public const string Unread = "Nothing has been read of this upgrade yet; its first poll will show how it stands.";

    public static string Title(UpgradeTimeline timeline)
    {
        var name = string.IsNullOrWhiteSpace(timeline.ClusterName) ? timeline.WorkflowId : timeline.ClusterName;
        return SummaryTelling.Versioned(timeline.FromVersion, timeline.TargetVersion) is { } versions ? $"{name}: {versions}" : $"Upgrade {name}";
    }

    /// <summary>From when to when, and whether it goes on.</summary>
    public static string Span(UpgradeTimeline timeline) => timeline switch
    {
        { From: { } from, EndedAt: { } ended } => $"{HumanDuration.At(from)} to {HumanDuration.At(ended)}: ended after {HumanDuration.Of(ended - from)}.",
        { From: { } from, To: { } to } => $"{HumanDuration.At(from)} until now, {HumanDuration.Of(to - from)}; as of {HumanDuration.At(to)}.",
        _ => Unread,
    };

    /// <summary>To the second: attempts may follow each other quickly.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
