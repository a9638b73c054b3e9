using System.Text;
using System.Text.Json;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Tests.Writing;
using CsCheck;

namespace Autopilot.Formats.Tests.Summaries;

/// <summary>
/// A summary in the forms for people. What each scenario of the simulator looks like is with the stories of the end-to-end tests.
/// </summary>
public sealed class SummaryTests
{
    public static TheoryData<string> Cases => [.. SummaryExamples.Corpus.Keys];

    [Theory]
    [InlineData("slow")]
    [InlineData("huge")]
    [InlineData("constructed-stale")]
    [InlineData("constructed-before-first-read")]
    [InlineData("constructed-before-first-read-gone")]
    [InlineData("constructed-gone-not-finished")]
    [InlineData("constructed-untracked")]
    [InlineData("constructed-why-five-items")]
    [InlineData("constructed-three-attempts-then-success")]
    [InlineData("official-show-workflow")]
    public void It_is_written_as_of_the_last_read(string name)
    {
        var summary = Named(name);
        Golden.Matches($"{name}.txt", SummaryText.Write(summary));
        Golden.Matches($"{name}.md", SummaryMarkdown.Write(summary));
        Golden.Matches($"{name}.card.json", Golden.Pretty(SummaryCard.Write(summary)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_case_of_the_corpus_says_in_every_form_what_blocks_and_what_to_do(string name)
    {
        var summary = SummaryExamples.Corpus[name];
        var (text, markdown, card) = (SummaryText.Write(summary), SummaryMarkdown.Write(summary), SummaryCard.Write(summary));
        Hostile.AssertText(text);
        Hostile.AssertMarkdown(markdown);
        IReadOnlyList<ReferenceLink> references = summary.BlockingTask?.References ?? [];
        Hostile.AssertCard(card, [.. references.Select(reference => reference.Url)]);
        Assert.All(
            references,
            reference =>
                Assert.All(
                    (string[])[text, markdown, Encoding.UTF8.GetString(card.Span)],
                    form => Assert.Contains(reference.Url, form, StringComparison.Ordinal)
                )
        );
        var said = Joined(text);
        Assert.Contains(summary.Assessment.ToString(), said, StringComparison.Ordinal);
        Assert.Contains(Joined(summary.Headline), said, StringComparison.Ordinal);
        // Of what upstream no longer knows nothing is to be done but what its insight says.
        if (summary is { BlockingTask: { } blocking, Assessment: not Assessment.Gone })
        {
            Assert.Contains(Joined(blocking.Message), said, StringComparison.Ordinal);
            Assert.Contains(Joined(blocking.Remediation), said, StringComparison.Ordinal);
        }

        foreach (var form in new[] { text, markdown, Encoding.UTF8.GetString(card.Span) })
        {
            Assert.Equal(summary.Stale, form.Contains("STALE", StringComparison.Ordinal));
            Assert.Contains(summary.Assessment.ToString(), form, StringComparison.Ordinal);
            Assert.Contains(summary.Id, form, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Foreign_text_stays_text() =>
        Gen.Select(Hostile.Text, Hostile.Text, Hostile.Text)
            .Sample(
                (name, word, sentence) =>
                {
                    var summary = SummaryExamples.Said(name, word, sentence);
                    Hostile.AssertText(SummaryText.Write(summary));
                    Hostile.AssertMarkdown(SummaryMarkdown.Write(summary));
                    Hostile.AssertCard(SummaryCard.Write(summary));
                }
            );

    [Theory]
    [InlineData(true, "Cluster, InProgress, seen since 2026-11-23 19:49 UTC, for 25 min")]
    [InlineData(null, "Cluster, InProgress since 2026-11-23 19:49 UTC, for 25 min")]
    public void A_since_that_only_an_observation_gives_is_called_seen(bool? observed, string expected)
    {
        var summary = SummaryExamples.Slow with { BlockingTask = SummaryExamples.Slow.BlockingTask! with { SinceObserved = observed } };
        Assert.All(FormsOf(summary), form => Assert.Contains(Joined(expected), Joined(form), StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_s_time_is_split_where_its_line_does_not_say_all()
    {
        var summary = SummaryExamples.Slow with
        {
            Time = new(1500, 600, 120, 4980, 0),
            Tasks =
            [
                SummaryExamples.Slow.Tasks[0] with
                {
                    Time = new(62, 600, 0, 0, 0),
                },
                SummaryExamples.Slow.Tasks[1] with
                {
                    Time = new(1438, 0, 120, 4980, 0),
                },
                SummaryExamples.Slow.Tasks[2],
            ],
        };

        Assert.All(
            FormsOf(summary),
            form =>
            {
                const string Split = "Cluster: 1 h 23 min blocked, 23 min 58 s of work, 2 min queued upstream";
                Assert.Contains(Joined(Split), Joined(form), StringComparison.Ordinal);
                Assert.Equal(2, form.Split("Time of task").Length);
            }
        );
        // Of one task that has all of the time nothing is said twice.
        var whole = summary with
        {
            Tasks = [summary.Tasks[1] with { Time = summary.Time }],
        };
        Assert.All(FormsOf(whole), form => Assert.DoesNotContain("Time of task", form, StringComparison.Ordinal));
        // Nor is everybody flooded.
        var many = summary with
        {
            Tasks = [.. Enumerable.Repeat(summary.Tasks[1], 50)],
        };
        Assert.All(FormsOf(many), form => Assert.Equal(6, form.Split("Time of task").Length));
    }

    [Fact]
    public void Of_what_a_card_cannot_hold_it_says_how_much_it_is()
    {
        var card = Encoding.UTF8.GetString(SummaryCard.Write(SummaryExamples.Huge).Span);
        Assert.Contains("NodePoolUpgrade49", card, StringComparison.Ordinal);
        Assert.Contains("more failed items", card, StringComparison.Ordinal);
        Hostile.AssertCard(SummaryCard.Write(SummaryExamples.Huge));
    }

    [Theory]
    [InlineData(
        Assessment.Progressing,
        34,
        50,
        "History",
        "Less than a minute of work (median), by 12 earlier runs. Waits for people come on top."
    )]
    [InlineData(
        Assessment.Progressing,
        421,
        700,
        "History",
        "About 8 min of work (median), 12 min if it is slow (P80), by 12 earlier runs. Waits for people come on top."
    )]
    [InlineData(
        Assessment.Progressing,
        4021,
        4100,
        "History",
        "About 1 h 10 min of work (median), by 12 earlier runs. Waits for people come on top."
    )]
    [InlineData(
        Assessment.Progressing,
        1019,
        1739,
        "Default",
        "About 20 min of work, 30 min if it is slow (by a rule of thumb, as there is too little history). Waits for people come on top."
    )]
    [InlineData(
        Assessment.Progressing,
        34,
        50,
        "Default",
        "A few minutes of work (by a rule of thumb, as there is too little history). Waits for people come on top."
    )]
    [InlineData(Assessment.Progressing, 0, 0, "History", "It should be done by now (by 12 earlier runs).")]
    [InlineData(
        Assessment.Slow,
        38,
        1204,
        "History",
        "The rest cannot be estimated: the running task takes longer than usual (by 12 earlier runs)."
    )]
    [InlineData(
        Assessment.Slow,
        340,
        1204,
        "History",
        "At least 6 min of work: the running task takes longer than usual (by 12 earlier runs). Waits for people come on top."
    )]
    [InlineData(
        Assessment.Stalled,
        0,
        1204,
        "Default",
        "The rest cannot be estimated: the running task takes longer than usual (by a rule of thumb, as there is too little history)."
    )]
    public void The_time_left_is_no_more_precise_than_its_basis(
        Assessment assessment,
        double median,
        double p80,
        string basis,
        string expected
    ) =>
        Assert.Equal(
            expected,
            EstimatePhrases.Of(
                SummaryExamples.Slow with
                {
                    Assessment = assessment,
                    Estimate = new(median, p80, DateTimeOffset.UnixEpoch, basis, 12),
                }
            )
        );

    private static string[] FormsOf(WorkflowSummary summary) =>
        [
            SummaryText.Write(summary),
            SummaryMarkdown.Write(summary),
            string.Concat(CardTexts(JsonDocument.Parse(SummaryCard.Write(summary)).RootElement)),
        ];

    private static IEnumerable<string> CardTexts(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty("text", out var text) => [text.GetString()!],
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => CardTexts(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(CardTexts),
            _ => [],
        };

    private static WorkflowSummary Named(string name) =>
        name switch
        {
            "slow" => SummaryExamples.Slow,
            "huge" => SummaryExamples.Huge,
            _ => SummaryExamples.Corpus[name],
        };

    // Lines are broken between words, so words are compared.
    private static string Joined(string text) => string.Concat(text.Where(sign => !char.IsWhiteSpace(sign)));
}
