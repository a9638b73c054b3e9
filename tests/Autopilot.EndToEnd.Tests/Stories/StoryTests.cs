using System.Runtime.CompilerServices;
using System.Text;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Timelines;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.EndToEnd.Tests.Stories;

/// <summary>
/// What a person reads in every state of every scenario that the demo shows. The <c>*.txt</c> beside this file are the stories; run with
/// <c>UPDATE_GOLDEN=1</c> to write them, and read what changed as the person on call would: the right task, reason, since, figures, and
/// what to do. In <c>Golden</c> stands what the forms for people make of each scenario's end and of its worst state.
/// </summary>
public sealed class StoryTests
{
    private static readonly bool Updating = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>What is normal once enough upgrades have been seen, in about the times that the simulator's scenarios take.</summary>
    private static readonly Baseline Experience = new([
        new(UpgradeTaskType.PreCheck, null, new AttemptDurations(40, 61, 66, 75)),
        new(UpgradeTaskType.Snapshot, null, new AttemptDurations(12, 130, 141, 160)),
        new(UpgradeTaskType.Cluster, null, new AttemptDurations(40, 800, 850, 960)),
        new(UpgradeTaskType.PostCheck, null, new AttemptDurations(38, 38, 40, 42)),
    ]);

    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task The_first_upgrade_of_its_kind_is_described_correctly_in_every_state(string scenario) =>
        TellAsync(scenario, Scenario.Named(scenario)!, null);

    [Theory]
    [InlineData("SmoothUpgrade")]
    [InlineData("FailedClusterRetried")]
    [InlineData("LongQueue")]
    [InlineData("Stalled")]
    public Task With_a_baseline_the_rest_is_estimated_and_slow_tasks_are_named(string scenario) =>
        TellAsync($"{scenario}-experienced", Scenario.Named(scenario)!, Experience);

    [Fact]
    public Task An_abandoned_upgrade_is_described_until_a_person_cancels_it() => TellAsync("Abandoned", new Abandoned(), null);

    private static async Task TellAsync(string name, Scenario scenario, Baseline? experience)
    {
        await using var story = await Story.BeginAsync(scenario, experience);
        var reported = await story.TellAsync(TestContext.Current.CancellationToken);
        var path = Path.Combine(Folder(), $"{name}.txt");
        if (Updating)
        {
            await File.WriteAllTextAsync(path, reported);
        }

        Assert.Equal((await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n"), reported);
        Show($"{name}-last", story.Last!.Value);
        if (story.Worst is { } worst)
        {
            Show($"{name}-worst", worst);
            ReadmeShows(name, SummaryText.Write(worst.Summary));
        }
    }

    /// <summary>README's example is the part of a story's worst moment that says what blocks and what to do.</summary>
    private static void ReadmeShows(string name, string text)
    {
        var path = Repository.PathOf("README.md");
        var readme = File.ReadAllText(path).ReplaceLineEndings("\n");
        var start = $"<!-- the worst moment of {name} -->\n```\n";
        if (readme.IndexOf(start, StringComparison.Ordinal) is var at && at < 0)
        {
            return;
        }

        var (from, to) = (at + start.Length, readme.IndexOf("\n```\n", at + start.Length, StringComparison.Ordinal));
        var shown = text.Split("\nSee ")[0].Split("\n\nTask ")[0];
        if (Updating)
        {
            readme = readme[..from] + shown + readme[to..];
            File.WriteAllText(path, readme);
            to = from + shown.Length;
        }

        Assert.Equal(shown, readme[from..to]);
    }

    // What people get to see at the moments that matter, in every form.
    private static void Show(string name, (WorkflowSummary Summary, UpgradeTimeline Timeline) moment)
    {
        Golden.Matches($"{name}.txt", SummaryText.Write(moment.Summary));
        Golden.Matches($"{name}.md", SummaryMarkdown.Write(moment.Summary));
        Golden.Matches($"{name}.card.json", Golden.Pretty(SummaryCard.Write(moment.Summary)));
        Golden.Matches($"{name}-timeline.md", TimelineMarkdown.Write(moment.Timeline));
        Golden.Matches($"{name}-timeline.svg", Encoding.UTF8.GetString(TimelineSvg.Write(moment.Timeline).Span));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    /// <summary>The pre-check succeeds, and no person continues for more than a day.</summary>
    private sealed class Abandoned : Scenario
    {
        public override Timeline Timeline { get; } =
            Timeline
                .Created.Then(TimeSpan.FromMinutes(4), it => it.Start("PreCheck"))
                .Then(TimeSpan.FromSeconds(62), it => it.Succeed("PreCheck"))
                .Then(TimeSpan.FromHours(27), it => it.Cancel());
    }
}
