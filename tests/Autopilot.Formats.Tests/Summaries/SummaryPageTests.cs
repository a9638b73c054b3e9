using System.Text;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;
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
    public void It_is_written_as_of_the_last_read(string name)
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
        foreach (
            var form in new[]
            {
                SummaryPageText.Write(page),
                SummaryPageMarkdown.Write(page),
                Encoding.UTF8.GetString(SummaryPageCard.Write(page).Span),
            }
        )
        {
            Assert.Equal(page.NextLink is not null, form.Contains("more", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_hundred_upgrades_with_ordinary_names_fit_a_card() =>
        Assert.DoesNotContain(
            "more on this page",
            Encoding.UTF8.GetString(SummaryPageCard.Write(Named("hundred")).Span),
            StringComparison.Ordinal
        );

    [Fact]
    public void Active_ones_are_counted_in_the_order_of_need_and_those_that_are_over_beside()
    {
        var summaries = new[]
        {
            "constructed-precheck-failed",
            "constructed-between-stages",
            "constructed-cluster-slow",
            "constructed-before-first-read",
            "constructed-success",
        }
            .Select(name => SummaryExamples.Corpus[name])
            .ToList();
        Assert.StartsWith(
            "4 active upgrades: 1 Blocked, 1 Waiting, 1 Slow, 1 Unknown; 1 over or no longer tracked\n",
            SummaryPageMarkdown.Write(Page(summaries, null)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_upgrade_that_is_no_longer_tracked_is_marked_in_every_form()
    {
        var tracked = SummaryExamples.Corpus["constructed-between-stages"];
        var page = Page([tracked with { Tracked = false }], null);
        var asOf = $"as of {HumanDuration.At(tracked.ObservedAt!.Value)}";

        Assert.Contains($"NOT TRACKED, {asOf}: Cluster, AwaitingStart", Joined(SummaryPageText.Write(page)), StringComparison.Ordinal);
        Assert.Contains("| Waiting, not tracked |", SummaryPageMarkdown.Write(page), StringComparison.Ordinal);
        Assert.Contains(asOf, SummaryPageMarkdown.Write(page), StringComparison.Ordinal);
        Assert.Contains("(not tracked)", Encoding.UTF8.GetString(SummaryPageCard.Write(page).Span), StringComparison.Ordinal);
        Assert.DoesNotContain("TRACKED", SummaryPageText.Write(Page([tracked], null)), StringComparison.Ordinal);

        static string Joined(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void An_upgrade_that_was_never_read_and_is_not_tracked_is_as_of_no_time()
    {
        var unread = SummaryExamples.Corpus["constructed-between-stages"] with
        {
            Tracked = false,
            ObservedAt = null,
            Sequence = 0,
            BlockingTask = null,
        };
        var page = Page([unread], null);
        Assert.Contains("NOT TRACKED, never read: not read yet", SummaryPageText.Write(page), StringComparison.Ordinal);
        Assert.Contains("not read yet, never read", SummaryPageMarkdown.Write(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_of_all_that_are_active_whatever_the_page_shows() =>
        Assert.StartsWith(
            "1204 active upgrades: 3 Blocked, 1201 Progressing; none matches.\n",
            SummaryPageMarkdown.Write(
                new([], null)
                {
                    Counts = new Dictionary<Assessment, int> { [Assessment.Progressing] = 1201, [Assessment.Blocked] = 3 },
                }
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1, null, "1 stored upgrade cannot be read and is left out")]
    [InlineData(2, null, "2 stored upgrades cannot be read and are left out")]
    [InlineData(0, PartialReason.Time, "Reading took too long: this is not all.")]
    [InlineData(0, PartialReason.Size, "The page has become too large: this is not all.")]
    public void What_is_missing_is_said_in_every_form(int unreadable, PartialReason? partial, string said)
    {
        var page = Page([SummaryExamples.Blocked], Next) with { Unreadable = unreadable, Partial = partial };
        foreach (
            var form in new[]
            {
                SummaryPageText.Write(page),
                SummaryPageMarkdown.Write(page),
                Encoding.UTF8.GetString(SummaryPageCard.Write(page).Span),
            }
        )
        {
            Assert.Contains(said, form, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_card_that_has_no_room_for_all_says_how_many_it_leaves_out()
    {
        var card = Encoding.UTF8.GetString(
            SummaryPageCard
                .Write(
                    Page(
                        [
                            .. Enumerable
                                .Range(0, 200)
                                .Select(i => SummaryExamples.Slow with { Id = $"{i}", ClusterName = new string('x', 120) }),
                        ],
                        Next
                    ) with
                    {
                        Remaining = 40,
                    }
                )
                .Span
        );
        Assert.Matches("… and [0-9]+ more on this page", card);
        Assert.Contains("… and 40 more, and those that are over:", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_text_stays_text() =>
        Gen.Select(Hostile.Text, Hostile.Text, Hostile.Text)
            .Sample(
                (name, word, next) =>
                {
                    // The address is ours; what a caller filters by stands encoded in it.
                    var page = Page(
                        [.. Enumerable.Repeat(SummaryExamples.Said(name, word, next), 12), SummaryExamples.Slow],
                        $"/api/workflows?cluster={Uri.EscapeDataString(next)}"
                    );
                    Hostile.AssertText(SummaryPageText.Write(page));
                    Hostile.AssertMarkdown(SummaryPageMarkdown.Write(page));
                    Hostile.AssertCard(SummaryPageCard.Write(page));
                }
            );

    private static SummaryPage Named(string name) =>
        name switch
        {
            "empty" => Page([], null),
            "empty-with-more" => Page([], Next) with { Partial = PartialReason.Time },
            "one" => Page([SummaryExamples.Blocked], null),
            "corpus" => Page([.. SummaryExamples.Corpus.Where((_, index) => index % 9 == 0).Select(item => item.Value)], Next) with
            {
                Remaining = 12,
                Unreadable = 1,
            },
            _ => Page(
                [
                    .. Enumerable
                        .Range(1, 100)
                        .Select(i =>
                            SummaryExamples.Slow with
                            {
                                Id = $"7f9c24e8-3b12-4fef-91c1-6d2f0d1f1{i:000}",
                                ClusterName = $"checkout-jakarta-{i}",
                            }
                        ),
                ],
                Next
            ),
        };

    /// <summary>A page whose counts are those of the summaries on it that are active.</summary>
    private static SummaryPage Page(IReadOnlyList<WorkflowSummary> summaries, string? next) =>
        new(summaries, next)
        {
            Counts = summaries
                .Where(summary => summary is { Tracked: true, EndedAt: null })
                .CountBy(summary => summary.Assessment)
                .ToDictionary(),
        };
}
