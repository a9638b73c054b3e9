using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Tests.Summaries;
using Autopilot.Pages.Fleet;
using Autopilot.Pages.Html;
using Autopilot.Pages.Responses;
using Autopilot.Pages.Upgrades;
using CsCheck;

namespace Autopilot.Pages.Tests.Html;

/// <summary>Words of others in pages.</summary>
public sealed class HostilePageTests
{
    private static readonly HashSet<string> Elements = new(
        (
            "html head meta title link script body header nav main footer div section article form label input button p h1 h2 a span "
            + "strong small ul li dl dt dd table thead tbody tr th td pre details summary img i"
        ).Split(' '),
        StringComparer.Ordinal
    );

    private static readonly HashSet<string> Attributes = new(
        (
            "lang charset name content rel href src defer class id hidden type role tabindex title alt value for action method maxlength "
            + "autocomplete spellcheck scope open aria-label aria-labelledby aria-current data-source data-tag data-now data-title "
            + "data-since data-list data-key data-label data-problem data-copy data-picture data-version"
        ).Split(' '),
        StringComparer.Ordinal
    );

    [Fact]
    public void Foreign_text_stays_text() =>
        Gen.Select(HostileText.Any, HostileText.Any, HostileText.Any)
            .Sample(
                (name, word, sentence) =>
                {
                    var summary = SummaryExamples.Said(name, word, sentence);
                    var entry = new HistoryEntry
                    {
                        Sequence = 1,
                        ObservedAt = DateTimeOffset.UnixEpoch,
                        Phase = WorkflowPhase.From(word),
                        Assessment = Assessment.Blocked,
                        Hash = "",
                        Changes = [new StateChange(UpgradeTaskType.From(word), "status", name, sentence)],
                    };
                    AssertPage(UpgradeHtml.Write(summary, new Page<HistoryEntry>([entry], null)));
                    var fleet = new ActiveFleet<FleetLine>(
                        [FleetLine.Of(summary)],
                        new Dictionary<Assessment, int> { [summary.Assessment] = 1 },
                        0
                    );
                    AssertPage(FleetPage.Write(new FleetQuery(false, null, "", 1, null), new FleetCopy(fleet, [])));
                    AssertPage(FleetPage.Write(new FleetQuery(false, null, sentence, 1, null), new FleetCopy(fleet, [])));
                    AssertPage(FleetPage.Write(new FleetQuery(true, null, word, 1, name), new FinishedCopy([], name, 0)));
                },
                iter: 300
            );

    [Fact]
    public void Every_summary_of_the_corpus_is_a_page() =>
        Assert.All(
            SummaryExamples.Corpus.Values,
            summary =>
            {
                var page = AssertPage(UpgradeHtml.Write(summary, new Page<HistoryEntry>([], null)));
                Assert.Contains(summary.Headline, page.QuerySelector(".headline")!.TextContent, StringComparison.Ordinal);
                Assert.Contains(summary.Assessment.ToString(), page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
            }
        );

    private static IDocument AssertPage(PageContent content)
    {
        var document = new HtmlParser().ParseDocument(
            PageShell.Write(content.Title, content.Html, new PageSource("/pages/fleet", "\"x\"", 1))
        );
        foreach (var element in document.All)
        {
            Assert.Contains(element.LocalName, Elements);
            foreach (var attribute in element.Attributes)
            {
                Assert.Contains(attribute.Name, Attributes);
                if (attribute.Name is "href" or "src" or "action" or "data-source" or "data-picture")
                {
                    Assert.Matches("^(/(?!/)|#|https://(?!evil))", attribute.Value);
                }
            }
        }

        Assert.Equal("", Assert.Single(document.Scripts).TextContent);
        return document;
    }
}
