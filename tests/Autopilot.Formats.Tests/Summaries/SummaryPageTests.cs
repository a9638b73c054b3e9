using System.Text;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Tests.Writing;
using CsCheck;

namespace Autopilot.Formats.Tests.Summaries;

/// <summary>A list of upgrades in the forms for people.</summary>
public sealed class SummaryPageTests
{
    private const string Next = "/api/workflows?maxpagesize=100&format=text&continuationToken=eyJ0IjoiYSIsInAiOiIwfGNfX19kIn0_-";

    public static TheoryData<string> Lists => ["empty", "empty-with-more", "one", "corpus", "hundred"];

    [Theory]
    [MemberData(nameof(Lists))]
    public void It_is_told_as_it_was_when_somebody_read_it(string name)
    {
        var page = Named(name);
        Golden.Matches($"list-{name}.txt", SummaryPageText.Write(page));
        Golden.Matches($"list-{name}.md", SummaryPageMarkdown.Write(page));
        Golden.Matches($"list-{name}.card.json", Golden.Pretty(SummaryPageCard.Write(page)));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void It_keeps_the_rules_of_every_form(string name)
    {
        var page = Named(name);
        Hostile.AssertText(SummaryPageText.Write(page));
        Hostile.AssertCard(SummaryPageCard.Write(page));
        foreach (var form in new[] { SummaryPageText.Write(page), SummaryPageMarkdown.Write(page), Encoding.UTF8.GetString(SummaryPageCard.Write(page).Span) })
            Assert.Equal(page.NextLink is not null, form.Contains("may be more", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hundred_upgrades_with_ordinary_names_fit_a_card() =>
        Assert.DoesNotContain("more on this page", Encoding.UTF8.GetString(SummaryPageCard.Write(Named("hundred")).Span), StringComparison.Ordinal);

    [Fact]
    public void Those_that_need_somebody_are_counted_first() =>
        Assert.StartsWith("5 upgrades: 1 Blocked, 1 Slow, 1 Waiting, 1 Unknown, 1 Completed\n", SummaryPageText.Write(new(
            [.. new[] { "constructed-success", "constructed-before-first-read", "constructed-cluster-slow", "constructed-between-stages", "constructed-precheck-failed" }.Select(name => SummaryExamples.Corpus[name])], null)), StringComparison.Ordinal);

    [Fact]
    public void Nobody_s_words_make_anything_but_text() =>
        Gen.Select(Hostile.Text, Hostile.Text, Hostile.Text).Sample((name, word, next) =>
        {
            SummaryPage page = new([.. Enumerable.Repeat(SummaryExamples.Said(name, word, next), 12), SummaryExamples.Slow], next);
            Hostile.AssertText(SummaryPageText.Write(page));
            Hostile.AssertMarkdown(SummaryPageMarkdown.Write(page));
            Hostile.AssertCard(SummaryPageCard.Write(page));
        });

    private static SummaryPage Named(string name) => name switch
    {
        "empty" => new([], null),
        "empty-with-more" => new([], Next),
        "one" => new([SummaryExamples.Blocked], null),
        "corpus" => new([.. SummaryExamples.Corpus.Where((_, index) => index % 9 == 0).Select(item => item.Value)], Next),
        _ => new([.. Enumerable.Range(1, 100).Select(i => SummaryExamples.Slow with { Id = $"7f9c24e8-3b12-4fef-91c1-6d2f0d1f1{i:000}", ClusterName = $"checkout-jakarta-{i}" })], Next),
    };
}
