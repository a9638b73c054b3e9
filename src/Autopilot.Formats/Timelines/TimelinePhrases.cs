using System.Globalization;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Formats.Timelines;

/// <summary>The texts of a timeline, in every format.</summary>
public static class TimelinePhrases
{
    private const int LongestFailure = 300;

    public const string Unread = "Nothing has been read of this upgrade yet; its first poll will show how it stands.";

    public static string Title(UpgradeTimeline timeline)
    {
        var name = string.IsNullOrWhiteSpace(timeline.ClusterName) ? timeline.WorkflowId : timeline.ClusterName;
        return SummaryPhrases.Versions(timeline.FromVersion, timeline.TargetVersion) is { } versions
            ? $"{name}: {versions}"
            : $"Upgrade {name}";
    }

    /// <summary>From when to when, and whether it is still active.</summary>
    public static string Span(UpgradeTimeline timeline) =>
        timeline switch
        {
            { From: { } from, EndedAt: { } ended } =>
                $"{HumanDuration.At(from)} to {HumanDuration.At(ended)}: {Ended(timeline)} after {HumanDuration.Of(ended - from)}.",
            { From: { } from, To: { } to } =>
                $"{HumanDuration.At(from)} until now, {HumanDuration.Of(to - from)}; as of {HumanDuration.At(to)}.",
            _ => Unread,
        };

    /// <summary>Its present state as text; null before the first read.</summary>
    public static string? StandOf(UpgradeTimeline timeline) =>
        timeline.Assessment switch
        {
            Assessment.RollingBack => "Rolling back",
            Assessment.NotStarted => "Not started",
            { } other => other.ToString(),
            null => null,
        };

    /// <summary>What a row shows: "ran: Failed on etcd", "queued", "blocked: paused".</summary>
    public static string What(TimelineRow row) =>
        row.Kind switch
        {
            TimelineKind.Run => $"ran: {row.Status}{FailedOn(row)}{Observed(row)}",
            TimelineKind.Queue => "queued",
            TimelineKind.Blocked => $"blocked{Why(row.Reason)}",
            _ => "waited",
        };

    /// <summary>" on etcd" or " at progress 62.00" of a failed run; empty where it is unknown.</summary>
    public static string FailedOn(TimelineRow row) =>
        ForeignText.OneLine(row.FailedOn, LongestFailure) switch
        {
            null or "" => "",
            var words when words.StartsWith("at progress ", StringComparison.Ordinal) => $" {words}",
            var words => $" on {words}",
        };

    /// <summary>That the times of a run are not upstream's; empty where they are.</summary>
    public static string Observed(TimelineRow row) => row.TimesObserved is true ? " (times as observed)" : "";

    /// <summary>To the second: attempts may follow each other quickly.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Ended(UpgradeTimeline timeline) =>
        timeline.Assessment switch
        {
            Assessment.Completed => "completed",
            Assessment.Cancelled => "cancelled",
            _ => "ended",
        };

    private static string Why(BlockingReason? reason) =>
        reason switch
        {
            BlockingReason.TaskFailed => ": failed",
            BlockingReason.Paused => ": paused",
            BlockingReason.PreCheckExpired => ": its result had expired",
            BlockingReason.RolledBack => ": rolled back",
            _ => "",
        };
}
