using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// A page of summaries as an Adaptive Card 1.5, always under <see cref="CardWriter.MaxBytes"/>: what does not fit is counted instead.
/// </summary>
public static class SummaryPageCard
{
    /// <summary>The card.</summary>
    public static ReadOnlyMemory<byte> Write(SummaryPage list) => CardWriter.ToBytes(card => Write(card, list), Cut(list.Count(), 600));

    private static void Write(CardWriter card, SummaryPage list)
    {
        card.Block([Run(list.Count(), 400) with { Bold = true }]);
        var hidden = list.Summaries.Count;
        foreach (var (index, summary) in list.Summaries.Index())
        {
            if (!card.TryBlock(LineOf(summary), index == 0 ? null : "Small", reserve: 2048))
            {
                break;
            }

            hidden--;
        }

        foreach (var sentence in list.LeftOut(hidden))
        {
            // A path may be long: where there is no room to write it out, the page at least says that more follows.
            CardText[] runs =
                ForeignText.OneLine(list.NextLink, 8192)?.Trim() is { Length: > 0 } link && sentence.EndsWith(':')
                    ?
                    [
                        Run($"{sentence} ", 120) with
                        {
                            Size = "Small",
                            Subtle = true,
                        },
                        new CardText(link)
                        {
                            Size = "Small",
                            Subtle = true,
                            IsAddress = true,
                        },
                    ]
                    : [Run(sentence, 4096) with { Size = "Small", Subtle = true }];
            if (!card.TryBlock(runs))
            {
                card.TryBlock([Run(sentence.TrimEnd(':'), 120) with { Size = "Small", Subtle = true }]);
            }
        }
    }

    private static IEnumerable<CardText> LineOf(WorkflowSummary summary)
    {
        yield return Run(summary.Assessment.ToString(), 20) with
        {
            Bold = true,
            Severity = Severities.Of(summary.Assessment),
        };
        // Short, so that a hundred of them fit: the summary of the one says more.
        var why = SummaryPage.NeedsPerson(summary) ? $" {SummaryPage.Why(summary)}" : "";
        var target = summary.TargetVersion is { } version ? $"→ {version} " : "";
        var marks = $"{(summary.Stale ? " STALE" : "")}{(summary.Tracked ? "" : " (not tracked)")}";
        yield return Run($" {SummaryPhrases.Name(summary)} {target}{SummaryPage.Done(summary)}{why}{marks}", 160);
    }

    private static CardText Run(string text, int most) => new(Cut(text, most) is { Length: > 0 } cut ? cut : "–");

    private static string Cut(string text, int most) => ForeignText.OneLine(text, most);
}
