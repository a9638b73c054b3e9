using System.Text.Json.Nodes;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Tests.Summaries;
using Autopilot.Formats.Tests.Writing;
using CsCheck;

namespace Autopilot.Formats.Tests.Cards;

/// <summary>
/// Cards as the official reader of Adaptive Cards 1.5 sees them: nothing to object to, and nothing that it would leave out.
/// </summary>
public sealed class CardTests
{
    [Fact]
    public async Task Every_card_that_is_kept_beside_a_test_is_read_without_a_loss()
    {
        var files = Directory
            .EnumerateFiles(Repository.PathOf("tests"), "*.card.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToList();
        Assert.True(files.Count > 20, "The cards are not where they were.");
        await AssertReadAsync([.. files.Select(file => (file, JsonNode.Parse(File.ReadAllText(file))!))]);
    }

    [Fact]
    public async Task So_is_every_card_of_the_corpus_and_of_hostile_names()
    {
        List<(string, JsonNode)> cards = [.. SummaryExamples.Corpus.Select(item => (item.Key, Read(SummaryCard.Write(item.Value))))];
        Gen.Select(Hostile.Text, Hostile.Text, Hostile.Text)
            .Array[20]
            .Sample(
                names =>
                {
                    foreach (var (name, word, sentence) in names)
                    {
                        cards.Add(($"{name} {word} {sentence}", Read(SummaryCard.Write(SummaryExamples.Said(name, word, sentence)))));
                    }
                },
                iter: 1,
                threads: 1
            );
        await AssertReadAsync(cards);
    }

    [Fact]
    public async Task The_reader_would_say_what_is_wrong()
    {
        var answer = await CardReader.ReadAsync([
            JsonNode.Parse(
                """{"type":"AdaptiveCard","version":"1.5","body":[{"type":"RichTextBlock","spacing":"Huge","inlines":[{"type":"TextRun","text":"x"}]}]}"""
            )!,
        ]);
        Assert.Equal("Invalid value \"Huge\" for property \"spacing\".", answer[0]!["events"]![0]!.GetValue<string>());
    }

    private static async Task AssertReadAsync(IReadOnlyList<(string Name, JsonNode Card)> cards)
    {
        var answers = await CardReader.ReadAsync([.. cards.Select(card => card.Card)]);
        foreach (var ((name, card), answer) in cards.Zip(answers))
        {
            Assert.True(answer!["events"]!.AsArray().Count == 0, $"{name}: {answer["events"]}");
            Assert.Equal(0, answer["actions"]!.GetValue<int>());
            // Whatever the reader does not know, it leaves out.
            Assert.True(JsonNode.DeepEquals(card, answer["card"]), $"{name} is read as {answer["card"]}");
        }
    }

    private static JsonNode Read(ReadOnlyMemory<byte> card) => JsonNode.Parse(card.Span)!;
}
