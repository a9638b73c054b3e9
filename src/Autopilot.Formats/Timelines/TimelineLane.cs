using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Formats.Timelines;

/// <summary>A task with all of its runs, waits, queues and blocks.</summary>
internal sealed record TimelineLane(string Name, string Status, bool Required, DateTimeOffset? ExpiresAt, IReadOnlyList<TimelineRow> Rows)
{
    /// <summary>The lanes in the order of the tasks; what has rows and is no task any more stands last.</summary>
    public static IReadOnlyList<TimelineLane> Of(UpgradeTimeline timeline)
    {
        var rows = Shown(timeline).ToLookup(row => row.Task);
        var tasks = timeline.Tasks ?? [];
        return
        [
            .. tasks.Select(task => new TimelineLane(
                Word(task.Task.Value),
                Word(task.Status.Value),
                task.Required,
                task.ExpiresAt,
                [.. rows[task.Task]]
            )),
            .. rows.Where(group => !tasks.Any(task => task.Task == group.Key))
                .Select(group => new TimelineLane(Word(group.Key.Value), Word(group.Last().Status.Value), true, null, [.. group])),
        ];
    }

    /// <summary>
    /// What is shown. Waits of a task that the upgrade does not need, such as a rollback, are left out, although it could have started all
    /// along.
    /// </summary>
    public static IReadOnlyList<TimelineRow> Shown(UpgradeTimeline timeline)
    {
        var optional = (timeline.Tasks ?? []).Where(task => !task.Required).Select(task => task.Task).ToHashSet();
        return [.. timeline.Rows.Where(row => row.Kind != TimelineKind.Wait || !optional.Contains(row.Task))];
    }

    public int Attempts => Rows.Count(row => row.Kind == TimelineKind.Run);

    /// <summary>How it went, in a line: status, attempts, how long it ran, was waited for, was queued and blocked.</summary>
    public string Description()
    {
        var attempts = Attempts;
        var ran = Rows.LastOrDefault(row => row is { Kind: TimelineKind.Run, Seconds: not null })?.Seconds;
        return string.Concat(
            (ReadOnlySpan<string?>)
                [
                    attempts == 0 && Status == "NotStarted"
                        ? Required
                            ? "not started"
                            : "not needed"
                        : Status,
                    attempts > 1 ? $", {SummaryPhrases.Count(attempts)} attempts" : "",
                    ran is null ? "" : $", {(attempts > 1 ? "last ran" : "ran")} {SummaryPhrases.Span(ran)}",
                    Total(TimelineKind.Wait, "waited"),
                    Total(TimelineKind.Queue, "queued"),
                    Total(TimelineKind.Blocked, "blocked"),
                ]
        );

        string Total(TimelineKind kind, string word) =>
            Rows.Where(row => row.Kind == kind).Sum(row => row.Seconds ?? 0) is > 0 and var total
                ? $", {word} {SummaryPhrases.Span(total)}"
                : "";
    }

    /// <summary>The state of its expiry at <paramref name="asOf"/>.</summary>
    public string? Expiry(DateTimeOffset asOf) =>
        ExpiresAt is not { } expiry ? null : $"{(expiry <= asOf ? "expired" : "expires")} {HumanDuration.At(expiry)}";

    private static string Word(string upstreams) => ForeignText.OneLine(upstreams, 64) is { Length: > 0 } word ? word : "–";
}
