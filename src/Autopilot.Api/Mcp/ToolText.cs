using System.Globalization;
using Autopilot.Core.Listing;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Timelines;

namespace Autopilot.Api.Mcp;

/// <summary>
/// The text of each tool's response. Many assistants forward only the text to the model, so it holds every fact of the structured content,
/// in fewer characters.
/// </summary>
internal static class ToolText
{
    public static IEnumerable<string?> Of(WorkflowList list, IReadOnlyList<WorkflowSummary> summaries, string? note)
    {
        var stale = summaries.Count(summary => summary.Stale);
        return
        [
            SummaryPage.CountOf(list.Counts) is { } counts
                ? $"All that go on and match every filter but assessment: {counts}."
                : "None that goes on matches.",
            note,
            $"{Number(summaries.Count, "upgrade")} listed; {Following(list)}",
            ToolCall.UnreadableLine(list.Unreadable, "stored upgrade(s)"),
            ToolCall.PartialLine(list.Partial),
            stale == 0
                ? null
                : $"STALE: {stale} of them were last read more than three poll intervals ago, and are marked; say so to the user.",
            .. summaries.Select(summary =>
                $"{Line(summary)}{(summary.Progress is { } progress ? $" {progress.Percent} % done." : "")} As of "
                + $"{ToolCall.At(summary.ObservedAt)}."
            ),
        ];
    }

    public static IEnumerable<string?> Of(AttentionList list, WorkflowList read) =>
        [
            list.Note,
            list.Upgrades.Count == 0
                ? "No upgrade needs a person now."
                : $"{Number(list.Upgrades.Count, "upgrade")} {(list.Upgrades.Count == 1 ? "needs" : "need")} a person"
                    + $"{(list.ContinuationToken is null ? "" : " on this page; call again with continuationToken for more")}. The most "
                    + "urgent come first.",
            SummaryPage.CountOf(read.Counts) is { } counts ? $"All that go on: {counts}." : "None goes on.",
            ToolCall.UnreadableLine(read.Unreadable, "stored upgrade(s)"),
            ToolCall.PartialLine(read.Partial),
            .. list.Upgrades.Select(one =>
                $"- {one.Id} (cluster {one.ClusterName ?? one.ClusterId ?? "unknown"}) "
                + $"{one.Assessment}{Reason(one)}{(one.Stale ? ", STALE" : "")}: "
                + $"{one.Headline}{(one.Remediation is null ? "" : $" What to do: {one.Remediation}")}"
            ),
        ];

    private static string NextPage(ChangeList list) =>
        list.ContinuationToken is null ? "" : $"; the next page needs since '{ToolCall.At(list.Since)}', too";

    public static IEnumerable<string?> Of(ChangeList list) =>
        [
            list.Note,
            list.Changes.Count == 0
                ? $"No change was observed since {ToolCall.At(list.Since)}."
                : $"{Number(list.Changes.Count, "change")} observed since {ToolCall.At(list.Since)}, newest " + $"first{NextPage(list)}.",
            ToolCall.UnreadableLine(list.Unreadable, "stored row(s)"),
            ToolCall.PartialLine(list.Partial),
            .. list.Changes.Select(one =>
                $"- {ToolCall.At(one.ObservedAt)} cluster {one.ClusterName ?? one.ClusterId}, upgrade {one.WorkflowId} to "
                + $"{one.TargetVersion ?? "unknown version"}, state {one.Sequence}: {one.Assessment}, phase {one.Phase}: "
                + $"{Differences(one.Changes)}"
            ),
        ];

    public static IEnumerable<string?> Of(WorkflowSummary summary) => WithStale(summary, SummaryLines.Of(summary));

    /// <summary>What holds an upgrade up.</summary>
    public static IEnumerable<string?> OfBlocking(WorkflowSummary summary) => WithStale(summary, SummaryLines.OfBlocking(summary));

    public static IEnumerable<string?> Of(ToolTimeline timeline, WorkflowSummary summary) =>
        [
            summary.Headline,
            ToolCall.StaleLine(summary),
            timeline.Rows.Count == 0
                ? "No run and no wait is known."
                : $"{ClusterOf(summary)}, from {ToolCall.At(timeline.From)} to "
                    + $"{ToolCall.At(timeline.To)}{(timeline.EndedAt is null ? ", and it goes on" : "")}:",
            timeline.EarlierRows is { } earlier ? $"({earlier} earlier rows are left out: call again with a higher limit.)" : null,
            .. timeline.Rows.Select(row =>
                $"- {ToolCall.At(row.StartedAt)} {row.Kind} {row.Task} "
                + $"{row.Status}{(row.Reason is { } reason ? $" ({reason})" : "")}{TimelinePhrases.FailedOn(row)}, "
                + $"{(row.Seconds is { } seconds ? Span(seconds) : "length unknown")}{(row.EndedAt is null ? ", no end seen" : "")}"
                + TimelinePhrases.Observed(row)
            ),
            .. (timeline.Tasks ?? [])
                .Where(task => task.Time is not null || task.ExpiresAt is not null)
                .Select(task =>
                    $"- {task.Task} in all: {(task.Time is { } time ? TimeSplitPhrases.Parts(time) : "no time")}"
                    + (task.ExpiresAt is { } expires ? $"; its result expires at {ToolCall.At(expires)}" : "")
                ),
        ];

    public static IEnumerable<string?> Of(UpgradeHistory history, WorkflowSummary summary) =>
        [
            history.Headline,
            ToolCall.StaleLine(summary),
            $"{Number(history.Changes.Count, "state")} on this page, newest first"
                + (history.ContinuationToken is null ? "." : "; there are more."),
            ToolCall.UnreadableLine(history.Unreadable, "stored state(s)"),
            ToolCall.PartialLine(history.Partial),
            .. history.Changes.Select(item =>
                $"- {item.Sequence}. {ToolCall.At(item.ObservedAt)} {item.Assessment}, phase {item.Phase}: {Differences(item.Changes)}"
            ),
        ];

    /// <param name="rest">The groups that the report does not show; null where it shows all.</param>
    public static IEnumerable<string?> Of(UpgradeReport report, RemainingGroups? rest)
    {
        var isOne = report.Groups.Count == 1 && rest is null;
        List<string?> lines =
        [
            $"{Number(report.Total.Runs, "upgrade")} ended from {ToolCall.At(report.From)} to {ToolCall.At(report.To)}; "
                + $"{report.Total.Succeeded} succeeded.",
            report.Note,
            ToolCall.UnreadableLine(report.Unreadable, "stored run(s)"),
        ];
        if (!isOne)
        {
            lines.Add($"All together: {Figures(report.Total)}");
            lines.AddRange(Details(report.Total));
        }

        foreach (var group in report.Groups)
        {
            lines.Add($"- {(group.ClusterName is { } name ? $"{name} ({group.Key})" : group.Key)}: {Figures(group)}");
            lines.AddRange(isOne ? Details(group) : Failures(group, ToolGroup.MaxFailures));
        }

        if (rest is not null)
        {
            lines.Add(
                $"- the other {rest.Groups} groups, summed: {Figures(rest)} Only {report.Groups.Count} groups are shown: narrow the "
                    + "range or the filters to see others."
            );
        }

        if (report.Previous is { } previous)
        {
            lines.Add($"The period of the same length before: {Figures(previous)}");
        }

        return lines;
    }

    public static IEnumerable<string?> Of(UpgradeOutlook outlook) =>
        [
            outlook.Headline,
            outlook.Note,
            outlook.TooLittleHistory ? "Say so to the user: any figure would be a guess." : null,
            outlook.Cut is true ? $"Only the newest {outlook.Runs} upgrades were looked at." : null,
            ToolCall.UnreadableLine(outlook.Unreadable, "stored run(s)"),
            Line(
                "Ends",
                outlook,
                outlook.Outcomes,
                $"{outlook.Outcomes.Succeeded} succeeded, {outlook.Outcomes.RolledBack} rolled back, {outlook.Outcomes.Cancelled} "
                    + $"cancelled, {outlook.Outcomes.Gone} gone, {outlook.Outcomes.Unclear} unclear; a rollback ran in "
                    + $"{outlook.Outcomes.Rollbacks}."
            ),
            Line(
                "Second attempts",
                outlook,
                outlook.Attempts,
                $"in {outlook.Attempts.SecondAttempts}."
                    + string.Concat(
                        (outlook.Attempts.Tasks ?? [])
                            .Where(task => task.SecondAttempts > 0)
                            .Select(task => $" {task.Type}: {task.SecondAttempts} of {task.Runs}.")
                    )
            ),
            Line(
                "Work",
                outlook,
                outlook.Duration,
                $"{Times(outlook.Duration.RunSeconds)}."
                    + string.Concat((outlook.Duration.Tasks ?? []).Select(task => $" {task.Type}: {Times(task.RunSeconds)}."))
            ),
            Line(
                "Waiting for people",
                outlook,
                outlook.Duration,
                outlook.Duration.WaitSeconds is { } wait ? $"{Times(wait)}." : "unknown."
            ),
            Line(
                "Pre-check",
                outlook,
                outlook.PreCheck,
                $"failed in {outlook.PreCheck.Failed}."
                    + string.Concat((outlook.PreCheck.Items ?? []).Select(item => $" '{item.Name}' in {item.Runs}."))
            ),
        ];

    /// <summary>One upgrade of many in a line.</summary>
    private static string Line(WorkflowSummary summary) =>
        $"- {summary.Id} ({ClusterOf(summary)}) "
        + $"{summary.Assessment}{(summary.Stale ? $", STALE since {ToolCall.At(summary.ObservedAt)}" : "")}"
        + $"{(summary.Tracked ? "" : ", not tracked")}: {summary.Headline}";

    /// <summary>The headline, that it is stale, and the rest.</summary>
    private static IEnumerable<string?> WithStale(WorkflowSummary summary, IEnumerable<string> lines) =>
        [.. lines.Take(1), ToolCall.StaleLine(summary), .. lines.Skip(1)];

    private static string Following(WorkflowList list) =>
        list switch
        {
            { ContinuationToken: null } => "there are no more.",
            { Remaining: > 0 } =>
                $"{list.Remaining} more that go on or are no longer tracked follow, and those that are over: call again with "
                    + "continuationToken.",
            _ => "more that are over follow: call again with continuationToken.",
        };

    private static string Reason(AttentionItem one) =>
        one.Reason is null ? "" : $" ({one.Reason}{(one.BlockedSeconds is { } blocked ? $" for {Span(blocked)}" : "")})";

    private static string Differences(IReadOnlyList<StateChange> changes) =>
        string.Join(
            "; ",
            changes.Select(change => $"{change.Task?.Value ?? "workflow"} {change.What} {change.From ?? "none"} → {change.To ?? "none"}")
        );

    private static string ClusterOf(WorkflowSummary summary) => $"cluster {summary.ClusterName ?? summary.ClusterId ?? "unknown"}";

    private static string? Line(string what, UpgradeOutlook outlook, OutlookSection section, string statistics) =>
        section.Basis is { } basis
            ? $"- {what}, by {section.Runs} {OutlookPhrases.SimilarUpgrades(basis, outlook)} (basis {basis}): {statistics}"
            : null;

    /// <summary>A count with its noun.</summary>
    private static string Number(int count, string noun) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    private static string Times(OutlookTimes? times) => times is null ? "unknown" : $"{Span(times.P50)} (median), {Span(times.P80)} (P80)";

    private static string Figures(UpgradeStatistics statistics)
    {
        var missed = statistics.Runs - statistics.WatchedRuns;
        return string.Concat(
            $"{Number(statistics.Runs, "run")}, {statistics.Succeeded} succeeded, {statistics.RolledBack} rolled back, "
                + $"{statistics.Cancelled} cancelled, {statistics.Gone} gone, {statistics.Unclear} unclear",
            statistics.SuccessRate is { } rate ? $"; {Percent(rate)} succeeded" : "",
            statistics.FirstTimeSuccessRate is { } first
                ? $", {Percent(first)}{(missed > 0 ? $" of the {statistics.WatchedRuns} watched" : "")} without a failure on the way"
                : "",
            missed > 0
                ? $"; {missed} had ended before they were first seen, so their earlier attempts, failures and waits are unknown"
                : "",
            statistics.RunSeconds is { } run ? $"; ran for {Span(run.P50)} (median), {Span(run.P80)} (P80)" : "",
            statistics.WaitSeconds is { } wait ? $"; waited {Span(wait.P50)} (median), {Span(wait.P80)} (P80)" : "",
            statistics.BlockedSeconds is { } blocked ? $"; blocked {Span(blocked)} in all" : "",
            "."
        );
    }

    private static IEnumerable<string> Details(UpgradeStatistics statistics) =>
        [
            .. statistics.Time is { } time && TimeSplitPhrases.Parts(time) is { Length: > 0 } parts
                ? [$"Where the time of {statistics.TimeRuns} of them went: {parts}."]
                : (string[])[],
            .. statistics.Tasks.Select(task =>
                $"- task {task.Type}: {Number(task.Runs, "run")}, {task.Failures} "
                + $"failed{(task.RunSeconds is { } run ? $", ran {Span(run.P50)} (median), {Span(run.P80)} (P80)" : "")}."
            ),
            .. Failures(statistics, int.MaxValue),
            .. statistics.Slowest.Select(run =>
                $"- slow: {run.WorkflowId} (cluster {run.ClusterName ?? run.ClusterId}) to {run.TargetVersion ?? "unknown version"}, "
                + $"{run.Outcome}, ended {ToolCall.At(run.EndedAt)}, ran {Span(run.RunSeconds)}."
            ),
        ];

    private static IEnumerable<string> Failures(UpgradeStatistics statistics, int most) =>
        statistics.TopFailures.Count == 0
            ? []
            :
            [
                "  failed most on: "
                    + string.Join(
                        ", ",
                        statistics
                            .TopFailures.Take(most)
                            .Select(
                                (failure, i) =>
                                    $"{failure.Type} '{failure.Name}' {failure.Count}×"
                                    + (
                                        most == int.MaxValue && i < ToolReport.MostCosts && failure.BlockedSeconds is { } blocked
                                            ? $" (blocked {Span(blocked)} in all)"
                                            : ""
                                    )
                            )
                    )
                    + ".",
            ];

    private static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.#} %");

    private static string Span(double? seconds) => SummaryPhrases.Span(seconds, "an unknown time");
}
