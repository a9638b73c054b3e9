using System.Text.Json;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Tests.Workflows.Actions;

namespace Autopilot.Core.Tests.Corpus;

/// <summary>
/// Every folder beside this file is a case. To add one, add a folder with an <c>input.json</c> and run with <c>UPDATE_GOLDEN=1</c>; the
/// summary that appears is reviewed like code. Only official documents go without <c>constructed-</c> in their name.
/// </summary>
public sealed class CorpusTests
{
    private static readonly bool Updating = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(CorpusCase.Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_upstream_sent_gives_exactly_this_summary(string name)
    {
        var expected = Path.Combine(CorpusCase.Root, name, "summary.json");
        var actual = CorpusCase.Load(name).Summarize(name);
        if (Updating)
        {
            File.WriteAllText(expected, actual);
        }

        Assert.Equal(File.ReadAllText(expected).ReplaceLineEndings("\n"), actual);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_summary_is_whole_and_its_headline_one_sentence(string name)
    {
        using var summary = JsonDocument.Parse(CorpusCase.Load(name).Summarize(name));
        var root = summary.RootElement;
        var headline = root.GetProperty("headline").GetString()!;

        Assert.StartsWith("Upgrade", headline, StringComparison.Ordinal);
        Assert.EndsWith(".", headline, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", headline, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", headline, StringComparison.Ordinal);
        Assert.All(
            root.GetProperty("insights").EnumerateArray(),
            insight =>
            {
                Assert.NotEmpty(insight.GetProperty("remediation").GetString()!);
                Assert.True(insight.TryGetProperty("since", out _), $"{insight.GetProperty("code")} says no since.");
            }
        );
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_in_a_summary_contradicts_the_rest(string name) => ContradictionRules.Check(CorpusCase.Load(name).SummaryOf(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_advice_of_a_summary_is_one_that_upstream_refuses(string name) =>
        ActionRules.Check(CorpusCase.Load(name).SummaryOf(name));

    [Fact]
    public void A_blocking_message_without_its_details_is_the_rest_of_it()
    {
        var detailed = Cases
            .Select(row => CorpusCase.Load(row.Data).SummaryOf(row.Data).BlockingTask)
            .Where(task => task?.Details is { Count: > 0 })
            .ToList();

        Assert.Contains(detailed, task => task!.MessageWithoutDetails() != task.Message);
        Assert.All(
            detailed,
            task =>
            {
                var rest = task!.MessageWithoutDetails();

                Assert.StartsWith(rest, task.Message, StringComparison.Ordinal);
                Assert.EndsWith(".", rest, StringComparison.Ordinal);
                Assert.All(
                    task.Details!,
                    detail =>
                        Assert.DoesNotContain(
                            detail.Name == task.Type.Value ? detail.Message ?? "\"" : detail.Name,
                            rest,
                            StringComparison.Ordinal
                        )
                );
            }
        );
    }

    [Fact]
    public void Every_assessment_reason_and_insight_has_a_case()
    {
        var summaries = Cases.Select(row => JsonDocument.Parse(CorpusCase.Load(row.Data).Summarize(row.Data)).RootElement).ToList();
        var assessments = summaries.Select(summary => summary.GetProperty("assessment").GetString()!).ToHashSet();
        var reasons = summaries
            .Where(summary => summary.TryGetProperty("blockingTask", out _))
            .Select(summary => summary.GetProperty("blockingTask").GetProperty("reason").GetString()!)
            .ToHashSet();
        var codes = summaries
            .SelectMany(summary => summary.GetProperty("insights").EnumerateArray())
            .Select(insight => insight.GetProperty("code").GetString()!)
            .ToHashSet();

        Assert.Equal(Enum.GetNames<Core.Workflows.Assessment>().Order(), assessments.Order());
        Assert.Equal(Enum.GetNames<Core.Workflows.BlockingReason>().Order(), reasons.Order());
        Assert.Equal(
            [
                "ClockSkew",
                "DocumentTruncated",
                "FailureDetailsTooLarge",
                "Gone",
                "InconsistentGraph",
                "LatestBackup",
                "LongWait",
                "PhaseMismatch",
                "PreCheckExpired",
                "PreCheckExpiresSoon",
                "RepeatedFailure",
                "SlowTask",
                "StaleData",
                "StalledTask",
                "TaskFailed",
                "UnknownValue",
                "UnreadableTime",
                "UpstreamError",
            ],
            codes.Order(StringComparer.Ordinal)
        );
    }
}
