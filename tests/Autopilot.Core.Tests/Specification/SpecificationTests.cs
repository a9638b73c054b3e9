using System.Globalization;
using Autopilot.Core.Tests.Corpus;

namespace Autopilot.Core.Tests.Specification;

/// <summary>The second reading of the specification against the answers that the specification itself gives.</summary>
public sealed class SpecificationTests
{
    public static TheoryData<string, string, string> Cases => SpecifiedCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Second_reading_gives_the_specified_answer(string rule, string history, string answer) =>
        Assert.Equal((rule, answer), (rule, Say(Read(history))));

    [Fact]
    public void Worked_example_gives_the_specified_figures()
    {
        var document = File.ReadAllText(Path.Combine(CorpusCase.Root, "official-show-workflow", "document.json"));
        var at = new DateTimeOffset(2023, 11, 25, 8, 0, 0, TimeSpan.Zero);
        var reading = SecondReader.Of([new Sighting(at, document)], [], Interval);
        Assert.Equal(("Blocked", "Cluster", "TaskFailed"), (reading.Assessment, reading.BlockingTask, reading.Reason));
        Assert.Equal(DateTimeOffset.Parse("2023-11-25T07:58:35.507243Z", CultureInfo.InvariantCulture), reading.Since);
        Assert.Equal((1, 3), (reading.Completed, reading.Total));
        var time = reading.Time!;
        Assert.Equal(606.149778, time.Sum("work").TotalSeconds, 6);
        Assert.Equal(2849.669724 + 1704.764493, time.Sum("person").TotalSeconds, 6);
        Assert.Equal(
            (at - DateTimeOffset.Parse("2023-11-25T07:58:35.507243Z", CultureInfo.InvariantCulture)).TotalSeconds,
            time.Sum("blocked").TotalSeconds,
            6
        );
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (time.Sum("queue"), time.Sum("unknown")));
    }

    [Fact]
    public void Retry_between_two_polls_is_a_second_attempt()
    {
        var reading = Read(
            """
            6:25 Running: Cluster =Running #c1 6:20..
            6:50 Running: Cluster =Running #c1 6:40..
            """
        );
        Assert.Equal(2, reading.Attempts["Cluster"]);
    }

    [Theory]
    [InlineData("6:20 Running: Cluster =Queuing #c1\n6:21 Running:\n6:22 Running: Cluster =Running #c1 6:22..", 1)]
    [InlineData(
        "6:20 Running: Cluster =Failed #c1 6:10..6:15\n"
            + "6:21 Running: Cluster =Queuing #c1 6:10..6:15\n"
            + "6:22 Running: Cluster =Running #c1 6:22..",
        2
    )]
    [InlineData("6:20 Running: Cluster =Failed #c1 6:10..6:15\n6:21 Running: Cluster\n6:22 Running: Cluster =Running #c2 6:22..", 2)]
    public void Queue_before_a_run_is_no_attempt_of_its_own(string history, int attempts) =>
        Assert.Equal(attempts, Read(history).Attempts["Cluster"]);

    [Fact]
    public void Any_history_can_be_read_and_its_time_adds_up()
    {
        foreach (var seed in Enumerable.Range(0, 500))
        {
            var script = HistoryGenerator.Make(seed);
            Assert.Equal(script.ToString(), Script.Parse(script.ToString()).ToString());
            var reading = SecondReader.Of(script.Sightings, [], Interval);
            Assert.InRange(reading.Completed, 0, reading.Total);
            Assert.All(
                (reading.Time?.Parts ?? []).Zip(reading.Time?.Parts.Skip(1) ?? []),
                pair => Assert.Equal(pair.First.To, pair.Second.From)
            );
            Assert.All(reading.Time?.Parts ?? [], part => Assert.True(part.To > part.From));
        }
    }

    internal static SecondReader Read(string history) => SecondReader.Of(Script.Parse(history).Sightings, [], Interval);

    internal static TimeSpan Interval(string? phase) => TimeSpan.FromMinutes(phase is "Init" or "Pending" ? 5 : 1);

    private static string Say(SecondReader reading) =>
        $"{reading.Assessment} "
        + (reading.Reason is null ? "- " : $"{reading.BlockingTask}/{reading.Reason}@{Script.Clock(reading.Since!.Value)} ")
        + $"{reading.ClusterIs} {reading.Completed}/{reading.Total}";
}
