using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>A page of summaries as people read it: in the order in which they are given.</summary>
/// <param name="Summaries">The summaries.</param>
/// <param name="NextLink">Path of the next page; null where there is none.</param>
public sealed record SummaryPage(IReadOnlyList<WorkflowSummary> Summaries, string? NextLink)
{
    /// <summary>Entries of the forms for people where no other number is asked for.</summary>
    public const int DefaultSize = 200;

    /// <summary>Those first that need a person: the order in which counts are given.</summary>
    internal static readonly Assessment[] ByNeed =
    [
        Assessment.Blocked,
        Assessment.Stalled,
        Assessment.Gone,
        Assessment.Waiting,
        Assessment.Slow,
        Assessment.Unknown,
        Assessment.NotStarted,
        Assessment.RollingBack,
        Assessment.Progressing,
    ];

    /// <summary>Active upgrades that match every filter but the assessment, by assessment.</summary>
    public IReadOnlyDictionary<Assessment, int> Counts { get; init; } = new Dictionary<Assessment, int>();

    /// <summary>Active and untracked ones that follow this page.</summary>
    public int Remaining { get; init; }

    /// <summary>Rows that cannot be read and are left out.</summary>
    public int Unreadable { get; init; }

    /// <summary>Why the page is short though there is more.</summary>
    public PartialReason? Partial { get; init; }

    /// <summary>The assessments that are listed, where the page is filtered by them; none for all. Counts are of all.</summary>
    public IReadOnlyList<Assessment> Only { get; init; } = [];

    /// <summary>Why the filters match nothing; null where there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>How many there are of each assessment, those first that need a person; null where there are none.</summary>
    public static string? CountOf(IReadOnlyDictionary<Assessment, int> counts)
    {
        var known = counts
            .Where(count => count.Value > 0)
            .OrderBy(count => Array.IndexOf(ByNeed, count.Key) is >= 0 and var rank ? rank : ByNeed.Length)
            .Select(count => $"{SummaryPhrases.Count(count.Value)} {count.Key}");
        return string.Join(", ", known) is { Length: > 0 } text ? text : null;
    }

    /// <summary>How many are active, by assessment, and how many entries are finished or stale.</summary>
    internal string Count()
    {
        var active = Counts.Values.Sum();
        var ended = Summaries.Count(summary => !summary.Tracked || summary.EndedAt is not null);
        var stale = Summaries.Count(summary => summary.Stale);
        string?[] parts =
        [
            active > 0 ? $"{Upgrades(active, "active ")}{(Only.Count > 0 ? " in all" : "")}: {CountOf(Counts)}" : null,
            active > 0 && Only.Count > 0 && Summaries.Count > 0 ? $"listed: {string.Join(", ", Only)}" : null,
            ended > 0 ? $"{(active > 0 ? SummaryPhrases.Count(ended) : Upgrades(ended, ""))} over or no longer tracked" : null,
            Summaries.Count == 0
                ? active > 0
                    ? "none matches"
                    : "No upgrades match, or none are tracked"
                : null,
            stale > 0 ? $"{SummaryPhrases.Count(stale)} STALE" : null,
        ];
        return $"{string.Join("; ", parts.OfType<string>())}{(Summaries.Count == 0 ? "." : "")}";
    }

    /// <summary>The omitted parts, each in a sentence; the last one, where there is one, is about what follows on the next page.</summary>
    /// <param name="hidden">Entries of this page that the form has no room for.</param>
    internal IEnumerable<string> LeftOut(int hidden = 0)
    {
        if (Note is not null)
        {
            yield return Note;
        }

        if (Unreadable > 0)
        {
            yield return $"{Upgrades(Unreadable, "stored ")} cannot be read and {(Unreadable == 1 ? "is" : "are")} left out; the log "
                + "names the row.";
        }

        if (Partial is not null)
        {
            yield return Partial is PartialReason.Time
                ? "Reading took too long: this is not all."
                : "The page has become too large: this is not all.";
        }

        if (hidden > 0)
        {
            yield return $"… and {SummaryPhrases.Count(hidden)} more on this page";
        }

        if (NextLink is not null)
        {
            yield return Remaining > 0
                ? $"… and {SummaryPhrases.Count(Remaining)} more, and those that are over:"
                : "… and more that are over:";
        }
    }

    /// <summary>Whether a person should act on it, so that more than its line is shown.</summary>
    internal static bool NeedsPerson(WorkflowSummary summary) =>
        summary.Assessment
            is Assessment.Blocked
                or Assessment.Stalled
                or Assessment.RollingBack
                or Assessment.Gone
                or Assessment.Slow
                or Assessment.Waiting
                or Assessment.Unknown
        || summary.Stale;

    /// <summary>As of when an upgrade is shown: figures of one that is no longer tracked stand still from then on.</summary>
    internal static string AsOf(WorkflowSummary summary) => summary.ObservedAt is { } at ? $"as of {HumanDuration.At(at)}" : "never read";

    internal static string Done(WorkflowSummary summary) =>
        summary.Progress is { Total: > 0 } progress
            ? $"{SummaryPhrases.Count(progress.Completed)}/{SummaryPhrases.Count(progress.Total)}"
            : "–";

    /// <summary>What holds it up and for how long, as a short phrase; its outcome where nothing does.</summary>
    internal static string Why(WorkflowSummary summary) =>
        summary.BlockingTask is { } blocking
            ? $"{(blocking.Type.Value.Length > 0 ? blocking.Type.Value : "–")}, "
                + $"{blocking.Reason}{(blocking.BlockedSeconds is { } seconds ? $" for {SummaryPhrases.Span(seconds)}" : "")}"
        : summary.EndedAt is { } ended ? $"ended {HumanDuration.At(ended)}"
        : summary.Sequence == 0 ? "not read yet"
        : "–";

    private static string Upgrades(int count, string what) =>
        $"{SummaryPhrases.Count(count)} {what}{(count == 1 ? "upgrade" : "upgrades")}";
}
