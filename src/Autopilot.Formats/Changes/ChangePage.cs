using System.Globalization;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Changes;

/// <summary>A page of changes as people read it, newest first.</summary>
/// <param name="Title">What it is about, in a sentence.</param>
/// <param name="Lines">The changes.</param>
/// <param name="NextLink">Address of the next page; null where there is none.</param>
public sealed record ChangePage(string Title, IReadOnlyList<ChangeLine> Lines, string? NextLink)
{
    /// <summary>Differences of one state that are said; the rest is counted.</summary>
    internal const int MostDifferences = 12;

    /// <summary>Longest value that is said, in characters.</summary>
    private const int MaxValue = 120;

    /// <summary>Rows that cannot be read and are left out.</summary>
    public int Unreadable { get; init; }

    /// <summary>Why the page is short though there is more.</summary>
    public PartialReason? Partial { get; init; }

    /// <summary>Why the filters match nothing; null where there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the lines are of several upgrades.</summary>
    internal bool IsFleet => Lines.Any(line => line.WorkflowId is not null);

    /// <summary>The omitted parts, each in a sentence; the last one ends in a colon where the address of the next page follows.</summary>
    internal IEnumerable<string> LeftOut()
    {
        if (Lines.Count == 0)
        {
            yield return "No change was observed in this time.";
        }

        if (Note is not null)
        {
            yield return Note;
        }

        if (Unreadable > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Unreadable} stored {(Unreadable == 1 ? "row" : "rows")} cannot be read and {(Unreadable == 1 ? "is" : "are")} left "
                    + $"out; the log names each."
            );
        }

        if (Partial is not null)
        {
            yield return "Reading took too long: this is not all.";
        }

        if (NextLink is not null)
        {
            yield return "… and earlier ones:";
        }
    }

    /// <summary>The difference, as a short phrase.</summary>
    internal static string Words(HistoryEntry entry)
    {
        var said = entry
            .Changes.Take(MostDifferences)
            .Select(change => $"{change.Task?.Value ?? "workflow"} {change.What}: {Value(change.From)} → {Value(change.To)}");
        var more = entry.Changes.Count - MostDifferences;
        return string.Join("; ", more > 0 ? said.Append(string.Create(CultureInfo.InvariantCulture, $"… and {more} more")) : said);
    }

    private static string Value(string? value) => value is { Length: > 0 } ? ForeignText.OneLine(value, MaxValue)! : "none";
}
