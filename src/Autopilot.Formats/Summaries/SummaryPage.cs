using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>A page of summaries as people read it: in the order in which they are given.</summary>
/// <param name="Summaries">The summaries.</param>
/// <param name="NextLink">Path of the next page; null where there is none.</param>
public sealed record SummaryPage(IReadOnlyList<WorkflowSummary> Summaries, string? NextLink)
{
    internal const string NothingHere = "No upgrades match, or none are tracked.", NothingYet = "No upgrades match on this page, but there may be more.";

    /// <summary>How many there are, on this page where it is not all, and of each assessment how many, those first that need somebody.</summary>
    internal string Count()
    {
        if (Summaries.Count == 0)
        {
            return NextLink is null ? NothingHere : NothingYet;
        }

        var counts = Summaries.GroupBy(summary => summary.Assessment).OrderBy(group => Rank(group.Key)).Select(group => $"{SummaryTelling.Count(group.Count())} {group.Key}");
        var stale = Summaries.Count(summary => summary.Stale);
        return $"{SummaryTelling.Count(Summaries.Count)} {(Summaries.Count == 1 ? "upgrade" : "upgrades")}{(NextLink is null ? "" : " on this page")}: {string.Join(", ", counts)}{(stale == 0 ? "" : $"; {SummaryTelling.Count(stale)} STALE")}";
    }

    /// <summary>Whether a person should look at it, so that more is said than its line.</summary>
    internal static bool NeedsSomebody(WorkflowSummary summary) =>
        summary.Assessment is Assessment.Blocked or Assessment.Stalled or Assessment.RollingBack or Assessment.Gone or Assessment.Slow or Assessment.Waiting or Assessment.Unknown || summary.Stale;

    internal static string Done(WorkflowSummary summary) => summary.Progress is { Total: > 0 } progress ? $"{SummaryTelling.Count(progress.Completed)}/{SummaryTelling.Count(progress.Total)}" : "–";

    /// <summary>What holds it up and for how long, in a few words; what it has come to where nothing does.</summary>
    internal static string Why(WorkflowSummary summary) => summary.BlockingTask is { } blocking
        ? $"{(blocking.Type.Value.Length > 0 ? blocking.Type.Value : "–")}, {blocking.Reason}{(blocking.BlockedSeconds is { } seconds ? $" for {SummaryTelling.Span(seconds)}" : "")}"
        : summary.EndedAt is { } ended ? $"ended {HumanDuration.At(ended)}"
        : summary.Sequence == 0 ? "not read yet"
        : "–";

    private static int Rank(Assessment assessment) => assessment switch
    {
        Assessment.Blocked => 0,
        Assessment.Stalled => 1,
        Assessment.RollingBack => 2,
        Assessment.Gone => 3,
        Assessment.Slow => 4,
        Assessment.Waiting => 5,
        Assessment.Unknown => 6,
        Assessment.NotStarted => 7,
        Assessment.Progressing => 8,
        Assessment.Completed => 9,
        _ => 10,
    };
}
