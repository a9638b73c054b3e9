using System.Globalization;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// Each fact of a summary in words, once: for pages, cards, chat messages and assistants. Foreign texts are on one line and not escaped.
/// </summary>
public static class SummaryPhrases
{
    /// <summary>Longest name of upstream's, such as a status, in characters.</summary>
    private const int MaxWord = 64;

    /// <summary>By what people call it: the cluster's name, else its id, else the workflow's.</summary>
    public static string Name(string? clusterName, string? clusterId, string workflowId) =>
        ForeignText.OneLine(clusterName) is { } name && !string.IsNullOrWhiteSpace(name) ? name
        : !string.IsNullOrWhiteSpace(clusterId) ? clusterId
        : workflowId;

    /// <inheritdoc cref="Name(string, string, string)"/>
    public static string Name(WorkflowSummary summary) => Name(summary.ClusterName, summary.ClusterId, summary.Id);

    /// <summary>"v1 → v2"; null where neither is known.</summary>
    public static string? Versions(string? from, string? to) =>
        from is null && to is null ? null : $"{ForeignText.OneLine(from) ?? "?"} → {ForeignText.OneLine(to) ?? "?"}";

    /// <inheritdoc cref="Versions(string, string)"/>
    public static string? Versions(WorkflowSummary summary) => Versions(summary.FromVersion, summary.TargetVersion);

    /// <summary>What the upgrade cannot move past, why, since when and for how long: "PreCheck, TaskFailed since …, for 9 min".</summary>
    /// <param name="at">Writes an instant; null leaves out since when it is so.</param>
    /// <param name="withLength">Whether to say for how long.</param>
    public static string Blocking(BlockingTask blocking, Func<DateTimeOffset, string>? at, bool withLength = true)
    {
        var since =
            at is not null && blocking.Since is { } known ? $"{(blocking.SinceObserved is true ? ", seen" : "")} since {at(known)}" : "";
        var lasts = withLength && blocking.BlockedSeconds is { } seconds ? $", for {Span(seconds)}" : "";
        return $"{Word(blocking.Type.Value)}, {blocking.Reason}{since}{lasts}";
    }

    /// <summary>One failed item: its level, and what upstream says of it.</summary>
    /// <param name="maxText">Longest text of upstream's, in characters.</param>
    /// <param name="mostSources">Places that are named at most.</param>
    /// <param name="withRemedy">Whether it says what to do: of a single item the blocking task says it.</param>
    public static (string Label, string Text) Detail(FailureDetail detail, int maxText, int mostSources, bool withRemedy = false)
    {
        var nodes = detail.Nodes is > 1 and var count ? $" on {Count(count)} nodes" : "";
        var codes = detail.ErrorCodes.Count > 0 ? $" ({string.Join(", ", detail.ErrorCodes)})" : "";
        var said = string.IsNullOrWhiteSpace(detail.Message) ? "" : $": {ForeignText.OneLine(detail.Message, maxText)}";
        var sources = detail.RiskSources is { Count: > 0 } risks
            ? $" Where: {string.Join(", ", risks.Take(mostSources))}"
                + (risks.Count > mostSources ? $" and {Count(risks.Count - mostSources)} more." : ".")
            : "";
        var stop = said.Length > 0 && sources.Length == 0 && !said.EndsWith('.') ? "." : "";
        var remedy = withRemedy && detail.Remedy is { } known ? $"{stop} {RemedyPhrases.Of(known)}" : "";
        return (Word(detail.Level ?? "Failed"), $"{detail.Name}{codes}{nodes}{said}{sources}{remedy}");
    }

    /// <summary>"3 of 7 required tasks done (43 %)".</summary>
    public static string Progress(WorkflowProgress progress) =>
        $"{Count(progress.Completed)} of {Count(progress.Total)} required tasks done ({Count(progress.Percent)} %)";

    /// <summary>A number without a separator.</summary>
    public static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A length of time.</summary>
    /// <param name="unknown">What stands where there is none.</param>
    public static string Span(double? seconds, string unknown = "–") =>
        // A negative or absurd number is nothing that a clock has measured.
        seconds is >= 0 and < 1e10
            ? HumanDuration.Of(TimeSpan.FromSeconds(seconds.Value))
            : unknown;

    /// <summary>A name of upstream's, on one line and not too long; a dash for an empty one.</summary>
    public static string Word(string foreign) => ForeignText.OneLine(foreign, MaxWord) is { Length: > 0 } word ? word : "–";
}
