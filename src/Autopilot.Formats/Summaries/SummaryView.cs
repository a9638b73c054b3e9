using System.Globalization;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// What a summary shows to people, and in which phrases: the formats differ in markup alone. Foreign texts are as they came.
/// </summary>
internal sealed record SummaryView
{
    /// <summary>Longest name of upstream's, such as a status, in characters.</summary>
    private const int MaxWord = 64;

    /// <summary>Longest text about one failed item, in characters; JSON has it whole.</summary>
    private const int MaxDetail = 500;

    private const int MostDetails = 20;
    private const int MostRiskSources = 5;
    private const int MostRuns = 4;
    private const int MostTimes = 5;

    public required string Name { get; init; }
    public required string? Versions { get; init; }
    public required Assessment Assessment { get; init; }
    public required string Headline { get; init; }

    /// <summary>What must be known before the rest is believed: a word and a sentence.</summary>
    public required IReadOnlyList<(string Label, string Text)> Warnings { get; init; }

    public required BlockingView? Blocking { get; init; }
    public required IReadOnlyList<TaskView> Tasks { get; init; }

    /// <summary>Progress, elapsed time and remaining work.</summary>
    public required IReadOnlyList<(string Label, string Text)> Figures { get; init; }

    public required IReadOnlyList<(InsightLevel Level, string Label, string Text)> Insights { get; init; }

    /// <summary>Which one it is, and as of when all of this is.</summary>
    public required IReadOnlyList<(string Label, string Text)> Facts { get; init; }

    public Severity Severity => Severities.Of(Assessment);

    public static SummaryView Of(WorkflowSummary summary) =>
        new()
        {
            Name = NameOf(summary),
            Versions = VersionsOf(summary),
            Assessment = summary.Assessment,
            Headline = summary.Headline,
            Warnings = [.. WarningsOf(summary)],
            Blocking = summary.BlockingTask is { } blocking ? BlockingOf(summary, blocking) : null,
            Tasks = [.. summary.Tasks.SelectMany(RowsOf)],
            Figures = [.. FiguresOf(summary)],
            Insights = [.. summary.Insights.Where(insight => insight.Code != "StaleData").Select(InsightOf)],
            Facts = [.. FactsOf(summary)],
        };

    /// <summary>By what people call it: the cluster's name, else its id, else the workflow's.</summary>
    public static string NameOf(WorkflowSummary summary) =>
        ForeignText.OneLine(summary.ClusterName) is { } name && !string.IsNullOrWhiteSpace(name) ? name
        : !string.IsNullOrWhiteSpace(summary.ClusterId) ? summary.ClusterId
        : summary.Id;

    public static string? VersionsOf(WorkflowSummary summary) => Versioned(summary.FromVersion, summary.TargetVersion);

    public static string? Versioned(string? from, string? to) =>
        from is null && to is null ? null : $"{ForeignText.OneLine(from) ?? "?"} → {ForeignText.OneLine(to) ?? "?"}";

    public static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A length of time; a dash where there is none.</summary>
    public static string Span(double? seconds) =>
        // A negative or absurd number is nothing that a clock has measured.
        seconds is >= 0 and < 1e10
            ? HumanDuration.Of(TimeSpan.FromSeconds(seconds.Value))
            : "–";

    private static IEnumerable<(string, string)> WarningsOf(WorkflowSummary summary)
    {
        if (summary.Stale)
        {
            yield return (
                "STALE",
                summary.Insights.FirstOrDefault(insight => insight.Code == "StaleData") is { } stale
                    ? Sentences(stale.Summary, stale.Remediation)
                    : $"It was last read at {(summary.ObservedAt is { } at ? HumanDuration.At(at) : "no time that is known")}, and "
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
    }

    private static BlockingView BlockingOf(WorkflowSummary summary, BlockingTask blocking)
    {
        var since = blocking.Since is { } at ? $"{(blocking.SinceObserved is true ? ", seen" : "")} since {HumanDuration.At(at)}" : "";
        var lasts = blocking.BlockedSeconds is { } seconds ? $", for {Span(seconds)}" : "";
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
            $"{Word(blocking.Type.Value)}, {blocking.Reason}{since}{lasts}",
            blocking.Message,
            [.. details.Take(MostDetails).Select(detail => (Word(detail.Level ?? "Failed"), DetailOf(detail, details.Count > 1)))],
            Math.Max(0, details.Count - MostDetails),
            summary.Assessment == Assessment.Gone ? null : blocking.Remediation,
            blocking.References ?? []
        );
    }

    /// <param name="detail">The failed item.</param>
    /// <param name="withRemedy">Whether it says what to do: of a single item the blocking task says it.</param>
    private static string DetailOf(FailureDetail detail, bool withRemedy)
    {
        var nodes = detail.Nodes is > 1 and var count ? $" on {Count(count)} nodes" : "";
        var codes = detail.ErrorCodes.Count > 0 ? $" ({string.Join(", ", detail.ErrorCodes)})" : "";
        var said = string.IsNullOrWhiteSpace(detail.Message) ? "" : $": {ForeignText.OneLine(detail.Message, MaxDetail)}";
        var sources = detail.RiskSources is { Count: > 0 } risks
            ? $" Where: {string.Join(", ", risks.Take(MostRiskSources))}"
                + (risks.Count > MostRiskSources ? $" and {Count(risks.Count - MostRiskSources)} more." : ".")
            : "";
        var stop = said.Length > 0 && sources.Length == 0 && !said.EndsWith('.') ? "." : "";
        var remedy = withRemedy && detail.Remedy is { } known ? $"{stop} {RemedyPhrases.Of(known)}" : "";
        return $"{detail.Name}{codes}{nodes}{said}{sources}{remedy}";
    }

    private static IEnumerable<TaskView> RowsOf(TaskSummary task)
    {
        var ran = task.Attempts > 0;
        yield return new(
            Word(task.Type.Value),
            task.Required || ran || task.Status != UpgradeTaskStatus.NotStarted ? Word(task.Status.Value) : "not needed",
            ran ? Count(task.Attempts) : "–",
            Span(task.WaitSeconds),
            Span(task.DurationSeconds),
            SeverityOf(task.Status),
            IsRun: false
        );
        if (task.Runs.Count < 2)
        {
            yield break;
        }

        var hidden = task.Runs.Count > MostRuns + 1 ? task.Runs.Count - MostRuns : 0;
        if (hidden > 0)
        {
            var failed = task.Runs.Take(hidden).Count(run => run.Status == UpgradeTaskStatus.Failed);
            yield return new($"runs 1–{Count(hidden)}", $"{Count(failed)} failed", "", "", "", Severity.Plain, IsRun: true);
        }

        foreach (var (index, run) in task.Runs.Index().Skip(hidden))
        {
            yield return new(
                $"run {Count(index + 1)}",
                Word(run.Status.Value),
                "",
                "",
                Span(run.DurationSeconds),
                SeverityOf(run.Status),
                IsRun: true
            );
        }
    }

    private static Severity SeverityOf(UpgradeTaskStatus status) =>
        status == UpgradeTaskStatus.Failed ? Severity.Bad
        : status == UpgradeTaskStatus.Success ? Severity.Good
        : status == UpgradeTaskStatus.Pause ? Severity.Careful
        : Severity.Plain;

    private static IEnumerable<(string, string)> FiguresOf(WorkflowSummary summary)
    {
        if (summary.Progress is { } progress)
        {
            yield return (
                "Progress",
                $"{Count(progress.Completed)} of {Count(progress.Total)} required tasks done ({Count(progress.Percent)} %)"
            );
        }

        if (summary is { ElapsedSeconds: { } whole, Time: { } time } && TimeSplitPhrases.Parts(time) is { Length: > 0 } parts)
        {
            yield return ("Time", $"{Span(whole)} in all: {parts}");
        }
        else if (summary.ElapsedSeconds is { } elapsed)
        {
            yield return (
                "Time",
                $"{Span(elapsed)} in all: {Span(summary.ActiveSeconds)} of work, {Span(summary.WaitingSeconds)} of waiting"
            );
        }
        else if (summary.ActiveSeconds is > 0 and var active)
        {
            yield return ("Time", $"{Span(active)} of work");
        }

        foreach (var task in summary.Tasks.Where(task => SaysMoreThanItsLine(task, summary)).Take(MostTimes))
        {
            yield return ("Time of task", $"{Word(task.Type.Value)}: {TimeSplitPhrases.Parts(task.Time!)}");
        }

        if (EstimatePhrases.Of(summary) is { } left)
        {
            yield return ("Left", left);
        }
    }

    /// <summary>
    /// Its line says how long it waited and ran; only the split says for how long it was blocked, queued or not observed. The split of the
    /// only task with any time is the workflow's, which is there already.
    /// </summary>
    private static bool SaysMoreThanItsLine(TaskSummary task, WorkflowSummary summary) =>
        task.Time is { } time
        && time != summary.Time
        && Math.Max(time.BlockedSeconds, Math.Max(time.QueueSeconds, time.UnknownSeconds)) >= 1;

    private static (InsightLevel, string, string) InsightOf(Insight insight)
    {
        var task = insight.Task is { } of ? $" ({Word(of.Value)})" : "";
        return (insight.Level, $"{insight.Code}{task}", Sentences(insight.Summary, insight.Remediation));
    }

    private static IEnumerable<(string, string)> FactsOf(WorkflowSummary summary)
    {
        if (summary.CreatedAt is { } created)
        {
            yield return ("Created", HumanDuration.At(created));
        }

        if (summary.EndedAt is { } ended)
        {
            yield return ("Ended", HumanDuration.At(ended));
        }

        yield return (
            "Observed",
            summary.ObservedAt is { } observed ? $"{HumanDuration.At(observed)}{(summary.Stale ? " (STALE)" : "")}" : "never"
        );
        yield return ("Workflow", summary.Id);
        if (summary.ClusterId is { } cluster)
        {
            yield return ("Cluster", cluster);
        }

        // Where the advice is to open a support ticket, what the ticket needs.
        var tasks = SupportTicket.TasksOf(summary);
        if (tasks.Count > 0 && summary.ProjectId is { } project)
        {
            yield return ("Project", project);
        }

        foreach (var (type, id) in tasks)
        {
            yield return ("Task", $"{Word(type.Value)} {Word(id)}");
        }
    }

    private static string Sentences(string first, string? second) => second is null ? first : $"{first} {second}";

    private static string Word(string foreign) => Short(ForeignText.OneLine(foreign));

    private static string Short(string upstreams) =>
        upstreams.Length == 0 ? "–"
        : upstreams.Length <= MaxWord ? upstreams
        : $"{upstreams[..(MaxWord - 1)]}…";
}
