using System.Globalization;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Formats.Tests.Summaries;

/// <summary>The lines for assistants beside the pages for people: the same phrases, exact instants, and every fact.</summary>
public sealed class SummaryLinesTests
{
    public static TheoryData<string> Cases => [.. SummaryExamples.Corpus.Keys];

    [Theory]
    [InlineData("constructed-why-both-failed")]
    [InlineData("constructed-three-attempts-then-success")]
    [InlineData("constructed-before-first-read")]
    [InlineData("constructed-untracked")]
    [InlineData("official-show-workflow")]
    public void The_lines_are_those_that_assistants_know(string name) =>
        Golden.Matches($"{name}.lines.txt", string.Join('\n', SummaryLines.Of(SummaryExamples.Corpus[name])) + "\n");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_case_of_the_corpus_has_every_fact(string name)
    {
        var summary = SummaryExamples.Corpus[name];
        var lines = SummaryLines.Of(summary).ToList();
        var text = string.Join('\n', lines);
        Assert.Equal(summary.Headline, lines[0]);
        string?[] facts =
        [
            summary.Id,
            summary.ClusterId,
            summary.ProjectId,
            summary.FromVersion,
            summary.TargetVersion,
            summary.Phase?.Value,
            summary.Assessment.ToString(),
            summary.Progress is { } progress ? SummaryPhrases.Progress(progress) : null,
            summary.BlockingTask?.Message,
            summary.Assessment == Assessment.Gone ? null : summary.BlockingTask?.Remediation,
            summary.BlockingTask?.Reason.ToString(),
            .. new[] { summary.CreatedAt, summary.StartedAt, summary.EndedAt, summary.ObservedAt, summary.LastChangedAt }.Select(At),
            .. summary.Tasks.SelectMany(task => new[] { task.Type.Value, At(task.StartedAt), At(task.EndedAt), At(task.ExpiresAt) }),
            .. summary
                .Insights.Where(insight => insight.Code != "StaleData")
                .SelectMany(insight => new[] { insight.Code, insight.Summary }),
            At(summary.Estimate?.CompletesAt),
        ];
        Assert.All(facts.OfType<string>(), fact => Assert.Contains(ForeignText.OneLine(fact), text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_page_for_people_and_the_lines_say_a_thing_in_the_same_words(string name)
    {
        var summary = SummaryExamples.Corpus[name];
        var (page, lines) = (SummaryView.Of(summary), SummaryView.Of(summary, SummaryStyle.ForAssistants));
        Assert.Equal(page.Insights, lines.Insights);
        Assert.Equal(page.Blocking?.ToDo, lines.Blocking?.ToDo);
        Assert.Equal(
            page.Tasks.Where(task => !task.IsRun).Select(task => task.Name),
            lines.Tasks.Where(task => !task.IsRun).Select(task => task.Name)
        );
        // Whatever a page has, the lines have, too.
        Assert.Empty(page.Figures.Select(figure => figure.Label).Except(lines.Figures.Select(figure => figure.Label)));
        Assert.Empty(page.Facts.Select(fact => fact.Label).Except(lines.Facts.Select(fact => fact.Label)));
    }

    private static string? At(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
