using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// What a summary shows to people, and in which phrases: the formats differ in markup alone. Foreign texts are as they came.
/// </summary>
internal sealed record SummaryView
{
    /// <summary>The label of the warning that what is shown is old.</summary>
    public const string Stale = "STALE";

    /// <summary>Failed items that the line of a run names.</summary>
    private const int MostNames = 5;

    public required string Name { get; init; }
    public required string? Versions { get; init; }
    public required Assessment Assessment { get; init; }
    public required string Headline { get; init; }

    /// <summary>What must be known before the rest is believed: a word and a sentence.</summary>
    public required IReadOnlyList<(string Label, string Text)> Warnings { get; init; }

    public required BlockingView? Blocking { get; init; }

    /// <summary>What a person may do now, in a line; null where upstream allows nothing, or does not document it.</summary>
    public required string? MayDo { get; init; }

    public required IReadOnlyList<TaskView> Tasks { get; init; }

    /// <summary>Progress, elapsed time and remaining work.</summary>
    public required IReadOnlyList<(string Label, string Text)> Figures { get; init; }

    public required IReadOnlyList<InsightView> Insights { get; init; }

    /// <summary>Which one it is, and as of when all of this is.</summary>
    public required IReadOnlyList<(string Label, string Text)> Facts { get; init; }

    public Severity Severity => Severities.Of(Assessment);

    /// <summary>The view for people.</summary>
    public static SummaryView Of(WorkflowSummary summary) => Of(summary, SummaryStyle.ForPeople);

    public static SummaryView Of(WorkflowSummary summary, SummaryStyle style) =>
        new()
        {
            Name = SummaryPhrases.Name(summary),
            Versions = SummaryPhrases.Versions(summary),
            Assessment = summary.Assessment,
            Headline = summary.Headline,
            Warnings = [.. WarningsOf(summary, style)],
            Blocking = summary.BlockingTask is { } blocking ? BlockingOf(summary, blocking, style) : null,
            MayDo = OfferedActions.Of(summary.Actions),
            Tasks = [.. summary.Tasks.SelectMany(task => RowsOf(task, style))],
            Figures = [.. FiguresOf(summary, style)],
            Insights = [.. summary.Insights.Where(insight => insight.Code != "StaleData").Select(InsightOf)],
            Facts = [.. FactsOf(summary, style)],
        };

    private static IEnumerable<(string, string)> WarningsOf(WorkflowSummary summary, SummaryStyle style)
    {
        if (summary.Stale)
        {
            yield return (
                Stale,
                summary.Insights.FirstOrDefault(insight => insight.Code == "StaleData") is { } stale
                    ? Sentences(stale.Summary, stale.Remediation)
                    : $"It was last read at {(summary.ObservedAt is { } at ? style.At(at) : "no time that is known")}, and "
                        + "may stand differently by now."
            );
        }

        if (!summary.Tracked)
        {
            yield return (
                "Not tracked",
                summary.Sequence == 0 ? "It is no longer read." : "It is no longer read: this is its state at the last read."
            );
        }

        if (style.HasEveryFact && summary.SeenLive is false)
        {
            yield return ("Not seen live", "It was found after it had ended: only its last state is known.");
        }
    }

    private static BlockingView BlockingOf(WorkflowSummary summary, BlockingTask blocking, SummaryStyle style)
    {
        IReadOnlyList<FailureDetail> details = blocking.Details ?? [];
        // A single one that the message has quoted already would only be said twice.
        if (
            details is [{ RiskSources: null or { Count: 0 }, Message: { } said, Name: var name }]
            && blocking.Message.Contains(said.TrimEnd('.'), StringComparison.Ordinal)
            && (name == blocking.Type.Value || blocking.Message.Contains(name, StringComparison.Ordinal))
        )
        {
            details = [];
        }

        return new(
            BlockingLabel.Of(summary.Assessment),
            SummaryPhrases.Blocking(blocking, style.At),
            blocking.Message,
            [
                .. details
                    .Take(style.MostDetails)
                    .Select(detail => SummaryPhrases.Detail(detail, style.MaxDetail, style.MostRiskSources, withRemedy: details.Count > 1)),
            ],
            Math.Max(0, details.Count - style.MostDetails),
            summary.Assessment == Assessment.Gone ? null : blocking.Remediation,
            blocking.Precedents is { } precedents ? PrecedentPhrases.Of(precedents, blocking.Type) : null,
            blocking.References ?? []
        );
    }

    private static IEnumerable<TaskView> RowsOf(TaskSummary task, SummaryStyle style)
    {
        var ran = task.Attempts > 0;
        yield return new(
            SummaryPhrases.Word(task.Type.Value),
            task.Required || ran || task.Status != UpgradeTaskStatus.NotStarted ? SummaryPhrases.Word(task.Status.Value) : "not needed",
            ran || style.HasEveryFact ? SummaryPhrases.Count(task.Attempts) : "–",
            SummaryPhrases.Span(task.WaitSeconds),
            SummaryPhrases.Span(task.DurationSeconds),
            SeverityOf(task.Status),
            IsRun: false,
            style.HasEveryFact ? [.. NotesOf(task, style)] : []
        );
        if (task.Runs.Count < 2)
        {
            yield break;
        }

        var hidden = task.Runs.Count > style.MostRuns + 1 ? task.Runs.Count - style.MostRuns : 0;
        if (hidden > 0)
        {
            var failed = task.Runs.Take(hidden).Count(run => run.Status == UpgradeTaskStatus.Failed);
            yield return new(
                $"runs 1–{SummaryPhrases.Count(hidden)}",
                $"{SummaryPhrases.Count(failed)} failed",
                "",
                "",
                "",
                Severity.Plain,
                IsRun: true,
                []
            );
        }

        foreach (var (index, run) in task.Runs.Index().Skip(hidden))
        {
            yield return new(
                $"run {SummaryPhrases.Count(index + 1)}",
                SummaryPhrases.Word(run.Status.Value),
                "",
                "",
                SummaryPhrases.Span(run.DurationSeconds),
                SeverityOf(run.Status),
                IsRun: true,
                style.HasEveryFact ? [.. NotesOf(run, style)] : []
            );
        }
    }

    private static IEnumerable<string> NotesOf(TaskSummary task, SummaryStyle style)
    {
        string?[] notes =
        [
            task.Required ? null : "optional",
            task.PassedOver is true ? "left behind" : null,
            task.Missing is true ? "not in upstream's last answer" : null,
            task.StartedAt is { } started ? $"from {style.At(started)}" : null,
            task.EndedAt is { } ended ? $"to {style.At(ended)}" : null,
            task.ExpiresAt is { } expires ? $"expires at {style.At(expires)}" : null,
        ];
        return notes.OfType<string>();
    }

    private static IEnumerable<string> NotesOf(TaskAttemptSummary run, SummaryStyle style)
    {
        if (run.StartedAt is { } started)
        {
            yield return $"from {style.At(started)}";
        }

        if (run.Details is { Count: > 0 } details)
        {
            yield return $"on {string.Join(", ", details.Take(MostNames).Select(detail => detail.Name))}"
                + (details.Count > MostNames ? $" and {SummaryPhrases.Count(details.Count - MostNames)} more" : "");
        }
    }

    private static Severity SeverityOf(UpgradeTaskStatus status) =>
        status == UpgradeTaskStatus.Failed ? Severity.Bad
        : status == UpgradeTaskStatus.Success ? Severity.Good
        : status == UpgradeTaskStatus.Pause ? Severity.Careful
        : Severity.Plain;

    private static IEnumerable<(string, string)> FiguresOf(WorkflowSummary summary, SummaryStyle style)
    {
        if (summary.Progress is { } progress)
        {
            yield return ("Progress", SummaryPhrases.Progress(progress));
        }

        if (summary is { ElapsedSeconds: { } whole, Time: { } time } && TimeSplitPhrases.Parts(time) is { Length: > 0 } parts)
        {
            yield return ("Time", $"{SummaryPhrases.Span(whole)} in all: {parts}");
        }
        else if (summary.ElapsedSeconds is { } elapsed)
        {
            yield return (
                "Time",
                $"{SummaryPhrases.Span(elapsed)} in all: {SummaryPhrases.Span(summary.ActiveSeconds)} of work, "
                    + $"{SummaryPhrases.Span(summary.WaitingSeconds)} of waiting"
            );
        }
        else if (summary.ActiveSeconds is > 0 and var active)
        {
            yield return ("Time", $"{SummaryPhrases.Span(active)} of work");
        }

        foreach (var task in summary.Tasks.Where(task => SaysMoreThanItsLine(task, summary)).Take(style.MostTimes))
        {
            yield return ("Time of task", $"{SummaryPhrases.Word(task.Type.Value)}: {TimeSplitPhrases.Parts(task.Time!)}");
        }

        if (EstimatePhrases.Of(summary) is { } left)
        {
            yield return ("Left", left);
        }

        if (style.HasEveryFact && summary.Estimate is { } estimate)
        {
            yield return ("Remaining", ExactOf(estimate, style));
        }
    }

    private static string ExactOf(UpgradeEstimate estimate, SummaryStyle style)
    {
        var ends =
            estimate.CompletesAt is { } completesAt ? $"; should complete at {style.At(completesAt)}"
            : estimate.OverdueSeconds is { } overdue ? $"; what runs is overdue by {SummaryPhrases.Span(overdue)}"
            : "";
        return $"{SummaryPhrases.Span(estimate.RemainingSeconds)} (median), "
            + $"{SummaryPhrases.Span(estimate.RemainingP80Seconds)} (P80){ends}";
    }

    /// <summary>
    /// Its line says how long it waited and ran; only the split says for how long it was blocked, queued or not observed. The split of the
    /// only task with any time is the workflow's, which is there already.
    /// </summary>
    private static bool SaysMoreThanItsLine(TaskSummary task, WorkflowSummary summary) =>
        task.Time is { } time
        && time != summary.Time
        && Math.Max(time.BlockedSeconds, Math.Max(time.QueueSeconds, time.UnknownSeconds)) >= 1;

    private static InsightView InsightOf(Insight insight)
    {
        var task = insight.Task is { } of ? $" ({SummaryPhrases.Word(of.Value)})" : "";
        return new(insight.Level, $"{insight.Code}{task}", Sentences(insight.Summary, insight.Remediation))
        {
            References = insight.References ?? [],
        };
    }

    private static IEnumerable<(string, string)> FactsOf(WorkflowSummary summary, SummaryStyle style)
    {
        if (summary.CreatedAt is { } created)
        {
            yield return ("Created", style.At(created));
        }

        if (style.HasEveryFact && summary.StartedAt is { } started)
        {
            yield return ("Started", style.At(started));
        }

        if (summary.EndedAt is { } ended)
        {
            yield return ("Ended", style.At(ended));
        }

        if (style.HasEveryFact && summary.LastChangedAt is { } changed)
        {
            yield return ("Last change", style.At(changed));
        }

        yield return (
            "Observed",
            summary.ObservedAt is { } observed ? $"{style.At(observed)}{(summary.Stale ? " (STALE)" : "")}" : "never"
        );
        yield return ("Workflow", summary.Id);
        if (summary.ClusterId is { } cluster)
        {
            yield return ("Cluster", cluster);
        }

        // Where the advice is to open a support ticket, what the ticket needs.
        var tasks = SupportTicket.TasksOf(summary);
        if ((tasks.Count > 0 || style.HasEveryFact) && summary.ProjectId is { } project)
        {
            yield return ("Project", project);
        }

        foreach (var (type, id) in tasks)
        {
            yield return ("Task", $"{SummaryPhrases.Word(type.Value)} {SummaryPhrases.Word(id)}");
        }

        if (style.HasEveryFact)
        {
            yield return ("Phase", summary.Phase is { } phase ? SummaryPhrases.Word(phase.Value) : "unknown");
            yield return ("State", SummaryPhrases.Count(summary.Sequence));
            yield return ("Cluster is on", summary.ClusterIs?.ToString() ?? "unknown");
        }
    }

    private static string Sentences(string first, string? second) => second is null ? first : $"{first} {second}";
}
