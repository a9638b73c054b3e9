using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>How long what is left should take, no more precise than it can be known, and what the estimate is based on.</summary>
internal static class EstimatePhrases
{
    /// <summary>One or two sentences; null where nothing is estimated.</summary>
    public static string? Of(WorkflowSummary summary)
    {
        if (summary.Estimate is not { } estimate)
        {
            return null;
        }

        var byHistory = estimate.Basis == "History";
        var likely = Vague(estimate.RemainingSeconds, byHistory);
        var slow = Vague(estimate.RemainingP80Seconds, byHistory);
        var basis = byHistory
            ? $"by {estimate.SampleSize.ToString(System.Globalization.CultureInfo.InvariantCulture)} earlier runs"
            : "by a rule of thumb, as there is too little history";
        if (summary.Assessment is Assessment.Slow or Assessment.Stalled)
        {
            var late = summary.Tasks.Any(task => task.Status == UpgradeTaskStatus.Running)
                ? "the running task takes longer than usual"
                : "the task that is up has not begun, later than usual";
            return estimate.RemainingSeconds < 60
                ? $"The rest cannot be estimated: {late} ({basis})."
                : $"At least {likely.TrimStart("about ")} of work: {late} ({basis}). Waits for people come on top.";
        }

        if (estimate.RemainingSeconds < 1)
        {
            return $"It should be done by now ({basis}).";
        }

        // A rule of thumb has no percentiles.
        var (median, p80, source) = byHistory ? (" (median)", " (P80)", $", {basis}") : ("", "", $" ({basis})");
        var ifSlow = slow == likely ? "" : $", {slow.TrimStart("about ")} if it is slow{p80}";
        return $"{char.ToUpperInvariant(likely[0])}{likely[1..]} of work{median}{ifSlow}{source}. Waits for people come on top.";
    }

    /// <summary>When it should complete, to the minute, or by how much what runs is overdue; null where nothing is estimated.</summary>
    public static string? EndOf(WorkflowSummary summary) =>
        summary.Estimate is not { } estimate ? null
        : estimate.CompletesAt is { } at ? HumanDuration.At(at)
        : estimate.OverdueSeconds is { } overdue ? $"overdue by {SummaryPhrases.Span(overdue)}"
        : null;

    /// <summary>
    /// Rounded up to what a person plans by: minutes by history, coarser by a rule of thumb, and coarser the longer it is.
    /// </summary>
    private static string Vague(double seconds, bool byHistory)
    {
        var minutes = Math.Clamp(seconds, 0, TimeSpan.FromDays(3650).TotalSeconds) / 60;
        if (minutes < 1 && byHistory)
        {
            return "less than a minute";
        }

        if (minutes < 5 && !byHistory)
        {
            return "a few minutes";
        }

        double step = (minutes, byHistory) switch
        {
            (<= 15, true) => 1,
            (<= 120, true) or (<= 30, false) => 5,
            (<= 600, true) => 15,
            (<= 120, false) => 15,
            (<= 1440, _) => 60,
            _ => 1440,
        };
        return $"about {HumanDuration.Of(TimeSpan.FromMinutes(Math.Ceiling(minutes / step) * step))}";
    }

    private static string TrimStart(this string text, string start) =>
        text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : text;
}
