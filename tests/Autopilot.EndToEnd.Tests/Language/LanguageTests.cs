using System.Globalization;

namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>
/// Names, sentences and form of the sources, by the rules of <c>docs/contributing.md</c>. <c>baseline.txt</c> has how many places still
/// break each rule; a number there may only shrink, and
/// <c>UPDATE_GOLDEN=1</c> lowers it. <c>AUTOPILOT_LANGUAGE_REPORT</c> names a file that gets every place, a line each.
/// </summary>
public sealed class LanguageTests
{
    private static readonly Lazy<IReadOnlyList<SourceHit>> Found = new(() =>
    {
        var hits = SourceRules.Hits();
        if (Environment.GetEnvironmentVariable("AUTOPILOT_LANGUAGE_REPORT") is { Length: > 0 } report)
        {
            File.WriteAllLines(report, hits.Select(hit => hit.ToString()));
        }

        return hits;
    });

    private static string BaselinePath => Repository.PathOf("tests", "Autopilot.EndToEnd.Tests", "Language", "baseline.txt");

    [Fact]
    public void No_rule_is_broken_in_more_places_than_before()
    {
        var baseline = File.ReadAllLines(BaselinePath)
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
        var counts = SourceRules.Rules.ToDictionary(rule => rule, rule => Found.Value.Count(hit => hit.Rule == rule));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(
                BaselinePath,
                string.Concat(
                    SourceRules.Rules.Select(rule => $"{rule} {Math.Min(counts[rule], baseline.GetValueOrDefault(rule, int.MaxValue))}\n")
                )
            );
        }

        Assert.Equal(SourceRules.Rules.Order(StringComparer.Ordinal), baseline.Keys.Order(StringComparer.Ordinal));
        var worse = SourceRules.Rules.Where(rule => counts[rule] > baseline[rule]).ToList();
        Assert.True(worse.Count == 0, string.Join('\n', worse.SelectMany(Described)));

        IEnumerable<string> Described(string rule) =>
            [
                $"{rule}: {counts[rule]} places, {baseline[rule]} before. AUTOPILOT_LANGUAGE_REPORT lists all; the first are",
                .. Found.Value.Where(hit => hit.Rule == rule).Take(100).Select(hit => hit.ToString()),
            ];
    }

    [Theory]
    [InlineData("Turn", "Turn")]
    [InlineData("ShardTurns", "Turn")]
    [InlineData("KeyGate", "Gate")]
    [InlineData("IShardBoards", "Board")]
    [InlineData("CycleMoments", "Moments")]
    [InlineData("RequestPaceTests", "Pace")]
    [InlineData("Run", "Run")]
    [InlineData("FinishedRun", null)]
    [InlineData("Returned", null)]
    [InlineData("KnownStanding", "Known")]
    [InlineData("Aggregate", null)]
    [InlineData("HeaderReader", null)]
    [InlineData("Worksheet", null)]
    public void A_name_is_found_by_its_first_or_last_word(string name, string? expected) => Assert.Equal(expected, CoinedNames.In(name));

    [Fact]
    public void Each_rule_finds_its_place_and_nothing_else()
    {
        var code = $$$""""
            namespace Autopilot.Core.Other;

            /// <summary>Whoever reads <c>told</c> and <see cref="Told"/>.</summary>
            public sealed class Pump
            {
                // Nobody is here.
                private const string Name = "nobody", Text = "it is told, and gone";
                private const string Raw = """
                    {{{new string('x', 200)}}}
                    """;
                private const string Long = "{{{new string('x', 200)}}}";
            }

            public sealed class File;
            """";

        Assert.Equal(
            [
                "coined-name src/Autopilot.Core/File.cs:4 Pump (Pump)",
                "forbidden-word src/Autopilot.Core/File.cs:3 Whoever",
                "forbidden-word src/Autopilot.Core/File.cs:6 Nobody",
                "forbidden-word src/Autopilot.Core/File.cs:7 told",
                "long-line src/Autopilot.Core/File.cs:11 235 columns",
                "misfiled-type src/Autopilot.Core/File.cs:4 Pump",
                "namespace-is-not-folder src/Autopilot.Core/File.cs:1 Autopilot.Core.Other, expected Autopilot.Core",
            ],
            SourceRules
                .InCode("src/Autopilot.Core/File.cs", code, "src/Autopilot.Core")
                .Select(hit => hit.ToString())
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Names_of_tests_are_sentences_and_their_data_is_not()
    {
        const string Code = """
            namespace Autopilot.Core.Tests;

            public sealed class FileTests
            {
                public void Nobody_is_asked() => Assert.Equal("it is told", Text);

                public void A_name_of_a_test_has_up_to_eighty_letters_so_that_its_rule_can_be_read_at_once() { }

                public void A_name_of_a_test_has_up_to_eighty_letters_and_then_its_rule_is_read_without_scrolling() { }
            }
            """;

        Assert.Equal(
            [
                "forbidden-word tests/Autopilot.Core.Tests/FileTests.cs:5 Nobody in Nobody_is_asked",
                "long-test-name tests/Autopilot.Core.Tests/FileTests.cs:9 85 letters in "
                    + "A_name_of_a_test_has_up_to_eighty_letters_and_then_its_rule_is_read_without_scrolling",
            ],
            SourceRules.InCode("tests/Autopilot.Core.Tests/FileTests.cs", Code, "tests/Autopilot.Core.Tests").Select(hit => hit.ToString())
        );
    }
}
