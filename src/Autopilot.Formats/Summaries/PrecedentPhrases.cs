using System.Globalization;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>Says in a sentence which earlier upgrades failed on the same, what it cost, and whether the next attempt held.</summary>
public static class PrecedentPhrases
{
    /// <summary>Longest name of an item, in characters.</summary>
    private const int MaxName = 80;

    /// <summary>One sentence.</summary>
    /// <param name="precedents">At least one upgrade.</param>
    /// <param name="type">The task that failed.</param>
    public static string Of(Precedents precedents, UpgradeTaskType type)
    {
        var all = precedents.Here + precedents.Elsewhere;
        var what = precedents.Item is { } item ? $"'{ForeignText.OneLine(item, MaxName)}'" : ForeignText.OneLine(type.Value, MaxName);
        var where = string.Join(
            " and ",
            new[]
            {
                precedents.Here > 0 ? $"{Upgrades(precedents.Here)} of this cluster" : null,
                precedents.Elsewhere > 0 ? $"{Upgrades(precedents.Elsewhere)} of other clusters" : null,
            }.OfType<string>()
        );
        var since = precedents.CountedSince is { } counted ? $" since {HumanDuration.At(counted)}" : "";
        var names = precedents.NamesKnownSince is { } known ? $" (names are known since {HumanDuration.At(known)})" : "";
        var cost = precedents.MedianBlockedSeconds is { } median
            ? $"; failures blocked {(all == 1 ? "it" : "them")} for {HumanDuration.Of(TimeSpan.FromSeconds(median))}"
                + (all == 1 ? "" : " (median)")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} failed in {where}{since}{cost}, and the next attempt held in {precedents.ResolvedByNextAttempt} of {all}"
                + $"{(precedents.Unknown is { } unknown ? $"; of {unknown} more it is not known what failed{names}" : "")}."
        );
    }

    private static string Upgrades(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} earlier upgrade{(count == 1 ? "" : "s")}");
}
