using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Reports;

namespace Autopilot.Formats.Tests.Reports;

public sealed partial class ReportPhrasesTests
{
    [Theory]
    [InlineData(10, 8, 600, 10, 8, 600, "About as in the 90 days before: 8 of 10 upgrades succeeded (80 %), all ran for up to 10 min.")]
    [InlineData(10, 9, 600, 10, 8, 600, "Better than in the 90 days before:")]
    [InlineData(10, 8, 540, 10, 8, 600, "Better than in the 90 days before:")]
    [InlineData(10, 8, 660, 10, 8, 600, "Worse than in the 90 days before:")]
    [InlineData(10, 7, 600, 10, 8, 600, "Worse than in the 90 days before:")]
    [InlineData(10, 9, 660, 10, 8, 600, "More succeeded, but they ran longer than in the 90 days before:")]
    [InlineData(10, 7, 300, 10, 8, 600, "Fewer succeeded, though they ran faster than in the 90 days before:")]
    [InlineData(2, 2, 600, 10, 8, 600, "Too few to compare with the 90 days before: 8 of 10")]
    [InlineData(10, 8, 600, 2, 0, 600, "Too few to compare with the 90 days before: None of 2 upgrades succeeded, ")]
    [InlineData(0, 0, null, 10, 8, 600, "In the 90 days before: 8 of 10")]
    [InlineData(10, 8, 600, 0, 0, null, "None ended in the 90 days before.")]
    public void The_period_is_compared_by_success_and_speed_and_never_by_a_few(
        int runs,
        int succeeded,
        int? seconds,
        int before,
        int succeededBefore,
        int? secondsBefore,
        string said
    ) =>
        Assert.StartsWith(
            said,
            ReportPhrases.Comparison(Of(Period(runs, succeeded, seconds), Period(before, succeededBefore, secondsBefore))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(25, 23, 18, "23 of 25 upgrades succeeded (92 %), 18 at the first try.")]
    [InlineData(1, 1, 1, "1 of 1 upgrade succeeded (100 %), at the first try.")]
    [InlineData(4, 4, 4, "4 of 4 upgrades succeeded (100 %), all at the first try.")]
    [InlineData(4, 4, 0, "4 of 4 upgrades succeeded (100 %), none at the first try.")]
    [InlineData(3, 0, 0, "None of 3 upgrades succeeded.")]
    [InlineData(2000, 1999, 1999, "1,999 of 2,000 upgrades succeeded (99 %), all at the first try.")]
    [InlineData(0, 0, 0, "No upgrade ended in this period.")]
    public void The_headline_counts_as_people_do(int runs, int succeeded, int first, string said) =>
        Assert.Equal(said, ReportPhrases.Headline(Of(Period(runs, succeeded, null) with { FirstTimeSuccesses = first }, null)));

    [Fact]
    public void First_tries_are_counted_among_the_runs_whose_outcome_is_clear()
    {
        var statistics = Period(10, 6, null) with { Unclear = 4, SuccessRate = 1, FirstTimeSuccesses = 3 };

        Assert.Equal("6 of 10 upgrades succeeded (100 %), 3 at the first try.", ReportPhrases.Headline(Of(statistics, null)));
    }

    [Theory]
    [InlineData(7, 5, 1, 1, "5 of 7 upgrades succeeded (71 %), 1 of 1 watched at the first try.", "6 of the 7 had ended before they were")]
    [InlineData(7, 5, 2, 0, "5 of 7 upgrades succeeded (71 %), none of 2 watched at the first try.", "counted of the other 2 only.")]
    [InlineData(
        7,
        5,
        6,
        4,
        "5 of 7 upgrades succeeded (71 %), 4 of 6 watched at the first try.",
        "1 of the 7 had ended before it was first"
    )]
    [InlineData(7, 5, 0, 0, "5 of 7 upgrades succeeded (71 %).", "All 7 had ended before they were first seen: their earlier attempts,")]
    [InlineData(1, 1, 0, 0, "1 of 1 upgrade succeeded (100 %).", "It had ended before it was first seen: its earlier attempts, failures")]
    [InlineData(7, 5, 7, 5, "5 of 7 upgrades succeeded (71 %), all at the first try.", null)]
    [InlineData(0, 0, 0, 0, "No upgrade ended in this period.", null)]
    public void First_tries_are_those_of_watched_upgrades(int runs, int good, int watched, int first, string said, string? caveat)
    {
        var statistics = Period(runs, good, null) with { WatchedRuns = watched, FirstTimeSuccesses = first, FailedOnTheWay = 1 };

        Assert.Equal(said, ReportPhrases.Headline(Of(statistics, null)));
        Assert.Equal(caveat is null, ReportPhrases.NotWatched(statistics) is null);
        Assert.Contains(caveat ?? "", ReportPhrases.NotWatched(statistics) ?? "", StringComparison.Ordinal);
        Assert.Equal(watched < runs, ReportPhrases.Trouble(statistics)!.Contains("In at least 1 a task failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_held_the_upgrades_up_is_one_sentence_with_the_longest_first()
    {
        var statistics = Period(10, 6, null) with { Time = new(7200, 18_000, 600, 21_600, 90), TimeRuns = 10 };

        Assert.Equal(
            "Who held them up: failures, pauses and expiries for 6 h, people for 5 h, the queue upstream for 10 min; work took 2 h; "
                + "1 min 30 s is unknown.",
            ReportPhrases.HeldUp(statistics)
        );
        Assert.Equal(
            "Who held them up (3 of 10 upgrades have it): people for 1 h; work took 20 min.",
            ReportPhrases.HeldUp(statistics with { Time = new(1200, 3600, 0, 0, 0), TimeRuns = 3 })
        );
        Assert.Equal("Who held them up: none; work took 20 min.", ReportPhrases.HeldUp(statistics with { Time = new(1200, 0, 0, 0, 0) }));
        Assert.Null(ReportPhrases.HeldUp(statistics with { Time = null, TimeRuns = 0 }));
    }

    [Theory]
    [InlineData(0, "0|0.1 s")]
    [InlineData(45, "0|10 s|20 s|30 s|40 s|50 s")]
    [InlineData(90, "0|30 s|60 s|90 s")]
    [InlineData(2850, "0|10 min|20 min|30 min|40 min|50 min")]
    [InlineData(7200, "0|30 min|60 min|90 min|120 min")]
    [InlineData(40_000, "0|3 h|6 h|9 h|12 h")]
    [InlineData(300_000, "0|1 d|2 d|3 d|4 d")]
    [InlineData(30 * 86_400, "0|10 d|20 d|30 d")]
    public void Axes_count_in_steps_that_people_count_in(double longest, string labels)
    {
        var scale = new DurationScale(longest);
        Assert.Equal(labels, string.Join('|', Enumerable.Range(0, scale.Count + 1).Select(scale.Label)));
    }

    [Fact]
    public void The_description_lists_every_group_and_names_gaps()
    {
        var reported = XDocument
            .Parse(Encoding.UTF8.GetString(ReportSvg.Write(Reports.Of("year"), ReportChart.All).Span))
            .Root!.Elements()
            .Single(element => element.Name.LocalName == "desc")
            .Value;
        Assert.All(
            Reports.Of("year").Groups,
            group =>
                Assert.Contains(
                    FormattableString.Invariant($"{group.Key} {group.Succeeded} of {group.Runs} succeeded"),
                    reported,
                    StringComparison.Ordinal
                )
        );
        Assert.Contains("2026-04 no upgrades", reported, StringComparison.Ordinal);
        Assert.Contains("PreCheck 25 of 133 runs failed, median (P50) run time 1 min 1 s", reported, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_and_marks_stand_out_from_their_ground_as_wcag_asks(bool dark)
    {
        var parts = ReportSvg.Style.Split("@media (prefers-color-scheme:dark)", 2);
        var colors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rules in dark ? parts : parts[..1])
        {
            foreach (
                var rule in Rule()
                    .Matches(rules)
                    .SelectMany(rule => rule.Groups[1].Value.Split(',').Select(name => (Name: name, Body: rule.Groups[2].Value)))
            )
            {
                foreach (Match color in Color().Matches(rule.Body))
                {
                    colors[$"{rule.Name.Trim()} {color.Groups[1].Value}"] = color.Groups[2].Value;
                }
            }
        }

        var paper = colors[".reports .paper fill"];
        Assert.Equal(dark ? "#0d1117" : "#ffffff", paper);
        foreach (
            var (name, color) in colors.Where(color =>
                color.Key.Split(' ')[1] is not (".paper" or ".grid" or ".hit" or ".over") && color.Key != ".reports .most-mark fill"
            )
        )
        {
            var least = name.Split(' ')[1] is "text" or ".quiet" ? 4.5 : 3;
            Assert.True(Contrast(color, paper) >= least, $"{name} {color} on {paper}: {Contrast(color, paper):0.00}");
        }
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        double Part(int at)
        {
            var value = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return 0.2126 * Part(1) + 0.7152 * Part(3) + 0.0722 * Part(5);
    }

    private static UpgradeReport Of(ReportPeriod total, ReportPeriod? previous) =>
        new()
        {
            From = Reports.From,
            To = Reports.From.AddDays(90),
            GroupBy = "none",
            Groups = [],
            Total = total,
            Previous = previous,
        };

    private static ReportPeriod Period(int runs, int succeeded, int? seconds) =>
        new()
        {
            From = Reports.From.AddDays(-90),
            To = Reports.From,
            Runs = runs,
            Succeeded = succeeded,
            SuccessRate = runs == 0 ? null : (double)succeeded / runs,
            WatchedRuns = runs,
            WatchedSucceeded = succeeded,
            FirstTimeSuccesses = succeeded,
            RunSeconds = seconds is { } s ? new(s, s, s, s) : null,
        };

    [GeneratedRegex(@"([^{}]+)\{([^{}]+)\}")]
    private static partial Regex Rule();

    [GeneratedRegex("(fill|stroke):(#[0-9a-f]{6})")]
    private static partial Regex Color();
}
