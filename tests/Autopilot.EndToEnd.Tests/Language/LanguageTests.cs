namespace Autopilot.EndToEnd.Tests.Language;

/// <summary>Names, sentences and form of the sources, by the rules of <c>docs/contributing.md</c>.</summary>
public sealed class LanguageTests
{
    [Fact]
    public void No_source_and_no_page_breaks_a_rule()
    {
        var hits = SourceRules.Hits();
        Assert.True(hits.Count == 0, string.Join('\n', hits));
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
            namespace Autopilot.Core;

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
            ],
            SourceRules.InCode("src/Autopilot.Core/File.cs", code).Select(hit => hit.ToString()).Order(StringComparer.Ordinal)
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
            SourceRules.InCode("tests/Autopilot.Core.Tests/FileTests.cs", Code).Select(hit => hit.ToString())
        );
    }
}
