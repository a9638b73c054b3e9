using System.Text;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Formats.Tests.Summaries;

/// <summary>Earlier upgrades that failed on the same, in a sentence of every form for people.</summary>
public sealed class PrecedentPhrasesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(
        "Node Disks",
        2,
        5,
        11_400.0,
        6,
        null,
        "'Node Disks' failed in 2 earlier upgrades of this cluster and 5 earlier upgrades of other clusters; failures blocked them for "
            + "3 h 10 min (median), and the next attempt held in 6 of 7."
    )]
    [InlineData(
        "Node Disks",
        1,
        0,
        60.0,
        0,
        4,
        "'Node Disks' failed in 1 earlier upgrade of this cluster; failures blocked it for 1 min, and the next attempt held in 0 of 1; "
            + "of 4 more it is not known what failed."
    )]
    [InlineData(null, 0, 3, null, 1, null, "Cluster failed in 3 earlier upgrades of other clusters, and the next attempt held in 1 of 3.")]
    public void They_are_counted_with_their_cost(
        string? item,
        int here,
        int elsewhere,
        double? median,
        int resolved,
        int? unknown,
        string sentence
    )
    {
        var precedents = new Precedents
        {
            Item = item,
            Here = here,
            Elsewhere = elsewhere,
            MedianBlockedSeconds = median,
            ResolvedByNextAttempt = resolved,
            Unknown = unknown,
            Last = new LastPrecedent("w", median, Noon),
        };

        Assert.Equal(sentence, PrecedentPhrases.Of(precedents, UpgradeTaskType.Cluster));

        var summary = SummaryExamples.Corpus["constructed-cluster-failed"];
        summary = summary with { BlockingTask = summary.BlockingTask! with { Precedents = precedents } };
        Assert.Contains("Before        ", SummaryText.Write(summary), StringComparison.Ordinal);
        Assert.Contains("**Before:** ", SummaryMarkdown.Write(summary), StringComparison.Ordinal);
        Assert.Contains("the next attempt held", Encoding.UTF8.GetString(SummaryCard.Write(summary).Span), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_counted_is_said()
    {
        var precedents = new Precedents
        {
            Item = "Node Disks",
            Here = 1,
            Elsewhere = 2,
            ResolvedByNextAttempt = 3,
            Unknown = 4,
            NamesKnownSince = Noon.AddDays(-3),
            CountedSince = Noon.AddDays(-9),
            Last = new LastPrecedent("w", null, Noon),
        };

        Assert.Equal(
            "'Node Disks' failed in 1 earlier upgrade of this cluster and 2 earlier upgrades of other clusters since 2026-11-14 12:00 UTC, "
                + "and the next attempt held in 3 of 3; of 4 more it is not known what failed "
                + "(names are known since 2026-11-20 12:00 UTC).",
            PrecedentPhrases.Of(precedents, UpgradeTaskType.PreCheck)
        );
    }

    [Fact]
    public void A_foreign_name_stays_text_of_limited_length()
    {
        var precedents = new Precedents
        {
            Item = $"a\nb{new string('x', 200)}",
            Here = 1,
            Elsewhere = 0,
            ResolvedByNextAttempt = 0,
            Last = new LastPrecedent("w", null, Noon),
        };

        var sentence = PrecedentPhrases.Of(precedents, UpgradeTaskType.PreCheck);

        Assert.StartsWith("'a bxxx", sentence, StringComparison.Ordinal);
        Assert.InRange(sentence.Length, 100, 200);
    }
}
