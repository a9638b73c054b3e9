using System.Text;
using System.Xml;
using System.Xml.Linq;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Tests.Writing;
using Autopilot.Formats.Timelines;
using CsCheck;

namespace Autopilot.Formats.Tests.Timelines;

/// <summary>
/// A timeline as a picture and in Markdown: the exact files are in <c>Golden</c>, and the pictures are meant to be looked at.
/// </summary>
public sealed class TimelineTests
{
    public static TheoryData<string> Examples => [.. TimelineExamples.All.Keys];

    [Theory]
    [MemberData(nameof(Examples))]
    public void It_is_drawn_and_written_as_of_the_last_read(string example)
    {
        var timeline = TimelineExamples.All[example];
        Golden.Matches($"{example}.svg", Svg(timeline));
        Golden.Matches($"{example}.md", TimelineMarkdown.Write(timeline));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_run_and_every_wait_that_can_be_seen_has_a_name(string example)
    {
        var timeline = TimelineExamples.All[example];
        var names = Names(Read(Svg(timeline)));
        Assert.Equal(
            timeline.Rows.Count(row => row.Kind == TimelineKind.Run),
            names.Count(name => !IsNoRun(name) && !name.Contains("its result", StringComparison.Ordinal))
        );
        Assert.Equal(
            timeline.From is not null && timeline.Tasks!.Any(task => task.ExpiresAt is not null),
            names.Exists(name => !IsNoRun(name) && name.Contains("its result", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void No_person_is_said_to_wait_for_a_task_that_is_not_required()
    {
        var timeline = TimelineExamples.All["rolled-back"];
        var waited = timeline with
        {
            Rows =
            [
                .. timeline.Rows,
                new(UpgradeTaskType.Rollback, TimelineKind.Wait, UpgradeTaskStatus.NotStarted, timeline.From!.Value, timeline.To, 2400),
            ],
        };
        Assert.Equal(Svg(timeline), Svg(waited));
        Assert.Equal(TimelineMarkdown.Write(timeline), TimelineMarkdown.Write(waited));
    }

    [Fact]
    public void Foreign_text_stays_text()
    {
        Gen.Select(Hostile.Text, Hostile.Text, Hostile.Text, Gen.Double[-1e7, 1e7], Gen.Double[-1e9, 1e9])
            .Sample(
                (name, task, status, from, length) =>
                {
                    var at = TimelineExamples.All["completed"].From!.Value.AddSeconds(from);
                    var timeline = TimelineExamples.All["completed"] with
                    {
                        ClusterName = name,
                        WorkflowId = name,
                        FromVersion = task,
                        TargetVersion = status,
                        Tasks = [new(new(task), new(status), true, at)],
                        Rows =
                        [
                            new(new(task), TimelineKind.Run, new(status), at, at.AddSeconds(length), length),
                            new(new(status), TimelineKind.Wait, new(task), at, null, length),
                        ],
                    };
                    var document = Read(Svg(timeline));
                    Hostile.AssertPicture(document);
                    Hostile.AssertMarkdown(TimelineMarkdown.Write(timeline));
                }
            );
    }

    [Fact]
    public void Times_far_apart_and_the_wrong_way_round_are_drawn_within_the_picture()
    {
        Gen.Select(Gen.DateTimeOffset, Gen.DateTimeOffset, Gen.DateTimeOffset, Gen.DateTimeOffset)
            .Sample(
                (from, to, start, end) =>
                {
                    var document = Read(
                        Svg(
                            TimelineExamples.All["completed"] with
                            {
                                From = from,
                                To = to,
                                EndedAt = null,
                                Tasks = [new(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, true, end)],
                                Rows = [new(UpgradeTaskType.PreCheck, TimelineKind.Run, UpgradeTaskStatus.Failed, start, end, null)],
                            }
                        )
                    );
                    Assert.All(
                        document.Descendants().Where(element => element.Name.LocalName == "rect" && element.Attribute("x") is not null),
                        bar =>
                        {
                            var (x, width) = ((double)bar.Attribute("x")!, (double)bar.Attribute("width")!);
                            Assert.InRange(x, 0, 600);
                            Assert.InRange(x + width, 0, 600.01);
                        }
                    );
                    Assert.InRange(document.Descendants().Count(element => element.Attribute("class")?.Value == "grid"), 0, 6);
                }
            );
    }

    [Theory]
    [InlineData(Assessment.Cancelled, "Cancelled")]
    [InlineData(Assessment.Blocked, "Blocked")]
    [InlineData(Assessment.RollingBack, "Rolling back")]
    [InlineData(Assessment.NotStarted, "Not started")]
    public void The_assessment_stands_in_every_form_in_words(Assessment assessment, string words)
    {
        var timeline = TimelineExamples.All["completed"] with { Assessment = assessment, Headline = "What the summary says." };

        Assert.Contains($"**{words}:** What the summary says.", TimelineMarkdown.Write(timeline), StringComparison.Ordinal);
        var picture = Read(Svg(timeline));
        Assert.Contains(
            picture.Descendants(),
            element => element.Name.LocalName == "text" && element.Value.StartsWith($"{words} · ", StringComparison.Ordinal)
        );
        Assert.Contains(
            $"{words}: What the summary says.",
            picture.Root!.Elements().Single(element => element.Name.LocalName == "desc").Value,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_run_that_upstream_gives_no_times_for_says_that_they_are_observed()
    {
        var timeline = TimelineExamples.All["completed"];
        var rows = timeline.Rows.Select(row =>
            row is { Kind: TimelineKind.Run, Task.Value: "Cluster" } ? row with { TimesObserved = true } : row
        );
        var seen = timeline with { Rows = [.. rows] };

        Assert.Equal(2, TimelineMarkdown.Write(seen).Split(@"ran: Success (times as observed)").Length);
        Assert.Single(
            Names(Read(Svg(seen))),
            name =>
                name.StartsWith("Cluster: Success ", StringComparison.Ordinal)
                && name.EndsWith(" UTC (times as observed)", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("observed", TimelineMarkdown.Write(timeline), StringComparison.Ordinal);
    }

    [Fact]
    public void Queues_blocks_and_what_failed_are_named_in_every_form()
    {
        var timeline = TimelineExamples.All["queued-paused-expired"];
        var (page, names) = (TimelineMarkdown.Write(timeline), Names(Read(Svg(timeline))));
        foreach (
            var words in new[]
            {
                "ran: Failed on CoreDNS add-on status and etcd",
                "queued",
                "blocked: failed",
                "blocked: paused",
                "blocked: its result had expired",
            }
        )
        {
            Assert.Contains(words, page, StringComparison.Ordinal);
            Assert.Contains(names, name => name.Contains(words.Replace("ran: ", "", StringComparison.Ordinal), StringComparison.Ordinal));
        }

        Assert.Contains("queued 50 min", page, StringComparison.Ordinal);
    }

    private static bool IsNoRun(string name) =>
        name.Contains(": waited", StringComparison.Ordinal)
        || name.Contains(": queued", StringComparison.Ordinal)
        || name.Contains(": blocked", StringComparison.Ordinal);

    private static List<string> Names(XDocument picture) =>
        [
            .. picture
                .Descendants()
                .Where(element => element.Name.LocalName == "title" && element.Parent != picture.Root)
                .Select(element => element.Value),
        ];

    private static string Svg(UpgradeTimeline timeline) => Encoding.UTF8.GetString(TimelineSvg.Write(timeline).Span);

    private static XDocument Read(string svg)
    {
        using var reader = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader);
    }
}
