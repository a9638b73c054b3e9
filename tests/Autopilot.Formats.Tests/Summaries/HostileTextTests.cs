using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;

namespace Autopilot.Formats.Tests.Summaries;

/// <summary>Words of others in the forms for people.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData("\u2028")]
    [InlineData("\u202E")]
    [InlineData("\u001B[31m")]
    public void Hostile_words_add_no_line_and_no_control_character(string hostile)
    {
        foreach (var write in new Func<WorkflowSummary, string>[] { SummaryText.Write, SummaryMarkdown.Write })
        {
            var (tame, wild) = (write(With("x")), write(With(hostile)));
            Assert.Equal(tame.Count(c => c == '\n'), wild.Count(c => c == '\n'));
            Assert.DoesNotContain(wild, c => c != '\n' && (char.IsControl(c) || c is '\u2028' or '\u202E'));
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData("\u2028")]
    [InlineData("\u202E")]
    [InlineData("\u001B")]
    public void Hostile_name_and_versions_are_one_line_in_a_title(string hostile)
    {
        var summary = With(hostile);
        Assert.Equal("a b", SummaryPhrases.Name(summary));
        Assert.Equal("v1 27 → v1 28", SummaryPhrases.Versions(summary));
    }

    private static WorkflowSummary With(string word) =>
        SummaryExamples.Slow with
        {
            ClusterName = $"a{word}b",
            FromVersion = $"v1{word}27",
            TargetVersion = $"v1{word}28",
            Tasks = [.. SummaryExamples.Slow.Tasks.Select(task => task with { Type = UpgradeTaskType.From($"T{word}{task.Type}") })],
        };
}
