using System.Text.Json;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Reports;
using Autopilot.Formats.Tests.Writing;
using Autopilot.Formats.Writing;
using CsCheck;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Autopilot.Formats.Tests.Reports;

/// <summary>
/// What people see of an outlook, byte for byte, and what holds whatever is in it. With <c>UPDATE_GOLDEN=1</c> the tests write what they
/// got: read the diff.
/// </summary>
public sealed class OutlookFormatTests
{
    private static readonly Gen<UpgradeOutlook> Any =
        from name in Hostile.Text.Array[8]
        from runs in Gen.Int[0, 6]
        from tasks in Gen.Select(
            Gen.Int[0, 7],
            Gen.Double[0, 1e9],
            Gen.Int[0, 3],
            (type, seconds, failures) => (type, seconds, failures)
        ).Array[0, 40]
        from known in Gen.Bool
        from watched in Gen.Int[0, 6]
        let failed = tasks
            .Select((task, i) => Outlooks.Task(new UpgradeTaskType($"{name[task.type]}{i}"), task.seconds, task.failures))
            .Append(Outlooks.Task(UpgradeTaskType.PreCheck, 1, 1, [.. name.Distinct(StringComparer.Ordinal)]))
            .ToArray()
        select Outlooks.Of(
            Outlooks.Query with
            {
                FromVersion = name[0],
                TargetVersion = name[1],
                ProjectId = known ? "p" : null,
            },
            Enumerable
                .Range(0, runs)
                .Select(i => Outlooks.Run(i, "c", known ? name[1] : name[2], failed) with { FromVersion = name[0], SeenLive = i < watched })
        );

    public static TheoryData<string> Names => [.. Outlooks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Markdown_is_what_was_read_and_found_good(string name) =>
        Golden.Matches($"outlook-{name}.md", OutlookMarkdown.Write(Outlooks.Of(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_is_what_was_read_and_found_good(string name) =>
        Golden.Matches($"outlook-{name}.txt", OutlookText.Write(Outlooks.Of(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cards_are_what_was_read_and_found_good(string name) =>
        Golden.Matches($"outlook-{name}.card.json", Golden.Pretty(OutlookCard.Write(Outlooks.Of(name))));

    [Fact]
    public void Every_form_begins_with_the_headline_and_says_what_each_section_is_made_of()
    {
        var outlook = Outlooks.Of("rich");
        using var card = JsonDocument.Parse(OutlookCard.Write(outlook));
        Assert.Equal(outlook.Headline, card.RootElement.GetProperty("fallbackText").GetString());
        var said = string.Join(
            ' ',
            card.RootElement.GetProperty("body")
                .EnumerateArray()
                .SelectMany(block => block.TryGetProperty("inlines", out var runs) ? runs.EnumerateArray() : default)
                .Select(run => run.GetProperty("text").GetString())
        );
        Assert.StartsWith(outlook.Headline, said, StringComparison.Ordinal);
        var text = OutlookText.Write(outlook).ReplaceLineEndings(" ");
        Assert.StartsWith(outlook.Headline, text, StringComparison.Ordinal);
        var markdown = Markdown.ToPlainText(OutlookMarkdown.Write(outlook));
        Assert.StartsWith(outlook.Headline, markdown, StringComparison.Ordinal);
        foreach (var form in new[] { said, string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)), markdown })
        {
            Assert.Contains("By 11 upgrades to v1.28.6-r0 that succeeded; rounded up.", form, StringComparison.Ordinal);
            Assert.Contains(
                "Of 12 upgrades to v1.28.6-r0 that were watched as they went, 4 (33 %) needed a second attempt.",
                form,
                StringComparison.Ordinal
            );
            Assert.Contains("Of 12 upgrades to v1.28.6-r0, 11 (92 %) succeeded; 1 rolled back.", form, StringComparison.Ordinal);
            Assert.Contains(
                "Of 12 upgrades to v1.28.6-r0 that were watched as they went and ran the pre-check, it failed in 3 (25 %).",
                form,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_card_that_is_full_says_what_it_leaves_out()
    {
        var tasks = Enumerable.Range(0, 40).Select(i => Outlooks.Task(new UpgradeTaskType($"Task{i:D2}"), 60, 1)).ToArray();
        var card = System.Text.Encoding.UTF8.GetString(
            OutlookCard
                .Write(Outlooks.Of(Outlooks.Query, Enumerable.Range(0, 3).Select(i => Outlooks.Run(i, "c", Outlooks.Target, tasks))))
                .Span
        );
        Assert.Contains("Left out here: 33 of 43 tasks, 30 of 40 tasks that ran again.", card, StringComparison.Ordinal);
        Assert.Contains("Waits for people", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_names_are_they_stay_words() =>
        Any.Sample(
            outlook =>
            {
                var page = Markdown.Parse(OutlookMarkdown.Write(outlook), new MarkdownPipelineBuilder().UseAdvancedExtensions().Build());
                Assert.DoesNotContain(
                    page.Descendants(),
                    part => part is LinkInline or AutolinkInline or HtmlInline or HtmlBlock or CodeInline or ThematicBreakBlock
                );
                Assert.Equal(outlook.TooLittleHistory ? 0 : 4, page.Descendants<HeadingBlock>().Count());
                Assert.All(
                    page.Descendants<Table>(),
                    table => Assert.All(table.OfType<TableRow>(), row => Assert.Equal(((TableRow)table[0]).Count, row.Count))
                );

                Hostile.AssertText(OutlookText.Write(outlook));

                var card = OutlookCard.Write(outlook);
                Assert.InRange(card.Length, 1, CardWriter.MaxBytes);
                using var document = JsonDocument.Parse(card);
                ReportPropertyTests.Known(document.RootElement);
            },
            iter: 200
        );
}
