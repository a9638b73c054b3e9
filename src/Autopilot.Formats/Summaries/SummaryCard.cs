using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>
/// A summary as an Adaptive Card 1.5, always under <see cref="CardWriter.MaxBytes"/>: what does not fit is counted instead.
/// </summary>
public static class SummaryCard
{
    private const int MostDetails = 10;

    // What comes after the tasks, with texts as long as they may be.
    private const int Tail = 3 * 1024;

    /// <summary>The card.</summary>
    public static ReadOnlyMemory<byte> Write(WorkflowSummary summary)
    {
        var view = SummaryView.Of(summary);
        return CardWriter.ToBytes(card => Write(card, view), Cut($"{view.Assessment}: {view.Headline}", 600));
    }

    private static void Write(CardWriter card, SummaryView view)
    {
        card.Block([Run($"{view.Assessment}: {view.Name}", 160) with { Bold = true, Size = "Large", Severity = view.Severity }]);
        if (view.Versions is { } versions)
        {
            card.Block(Run(versions, 100) with { Subtle = true }, "None");
        }

        foreach (var (label, text) in view.Warnings)
        {
            card.Block([Run($"{label}: ", 20) with { Bold = true, Severity = Severity.Careful }, Run(text, 300)]);
        }

        card.Block(Run(view.Headline, 600));
        if (view.Blocking is { } blocking)
        {
            Write(card, blocking, view.Severity);
        }

        if (view.MayDo is { } mayDo)
        {
            card.Block([Run("You may: ", 20) with { Bold = true }, Run(mayDo, 200)], "Small");
        }

        var hidden = view.Tasks.Count;
        foreach (var (index, task) in view.Tasks.Index())
        {
            if (!card.TryBlock(RunsOf(task), index == 0 ? "Medium" : "None", Tail))
            {
                break;
            }

            hidden--;
        }

        More(card, hidden, "lines of tasks");
        foreach (var (index, (label, text)) in view.Figures.Index())
        {
            card.TryBlock([Run($"{label}: ", 20) with { Bold = true }, Run(text, 200)], index == 0 ? "Medium" : "Small");
        }

        hidden = view.Insights.Count;
        foreach (var (level, label, text) in view.Insights)
        {
            if (
                !card.TryBlock(
                    [
                        Run($"{level}: ", 20) with
                        {
                            Bold = true,
                            Severity =
                                level == InsightLevel.Error ? Severity.Bad
                                : level == InsightLevel.Warning ? Severity.Careful
                                : Severity.Plain,
                        },
                        Run($"{label}: {text}", 500),
                    ],
                    "Small",
                    Tail / 2
                )
            )
            {
                break;
            }

            hidden--;
        }

        More(card, hidden, "insights");
        card.TryBlock([
            Run(string.Join(" · ", view.Facts.Select(fact => $"{fact.Label} {Cut(fact.Text, 64)}")), 400) with
            {
                Size = "Small",
                Subtle = true,
            },
        ]);
    }

    private static void Write(CardWriter card, BlockingView blocking, Severity severity)
    {
        card.Block([Run($"{blocking.Label}: ", 20) with { Bold = true, Severity = severity }, Run(blocking.What, 200)], "Medium");
        card.Block(Run(blocking.Message, 1000), "Small");
        var shown = 0;
        foreach (var (label, text) in blocking.Details.Take(MostDetails))
        {
            // Long texts of upstream's must leave room for the tasks.
            if (!card.TryBlock([Run($"{label}: ", 40) with { Bold = true }, Run(text, 300)], "Small", CardWriter.MaxBytes / 2))
            {
                break;
            }

            shown++;
        }

        More(card, blocking.Details.Count + blocking.Hidden - shown, "failed items");
        if (blocking.ToDo is { } toDo)
        {
            card.Block([Run("To do: ", 20) with { Bold = true }, Run(toDo, 500)]);
        }

        if (blocking.Before is { } before)
        {
            card.TryBlock([Run("Before: ", 20) with { Bold = true }, Run(before, 400)], "Small", CardWriter.MaxBytes / 2);
        }

        foreach (var reference in blocking.References)
        {
            card.TryBlock(
                [Run($"See {reference.Title}: ", 120), new(reference.Url) { IsAddress = true, Subtle = true }],
                "Small",
                CardWriter.MaxBytes / 2
            );
        }
    }

    private static IEnumerable<CardText> RunsOf(TaskView task)
    {
        yield return Run(task.IsRun ? $"… {task.Name}: " : $"{task.Name}: ", 70) with
        {
            Bold = !task.IsRun,
            Subtle = task.IsRun,
        };
        yield return Run(task.Status, 64) with
        {
            Severity = task.Severity,
        };
        var rest = string.Concat(
            task.Attempts is "" or "–" or "1" ? "" : $", {task.Attempts} attempts",
            task.Waited is "" or "–" ? "" : $", waited {task.Waited}",
            task.Ran is "" or "–" ? "" : $", ran {task.Ran}"
        );
        if (rest.Length > 0)
        {
            yield return Run(rest, 100);
        }
    }

    private static void More(CardWriter card, int hidden, string what)
    {
        if (hidden > 0)
        {
            card.TryBlock([Run($"… and {SummaryPhrases.Count(hidden)} more {what}", 60) with { Subtle = true }], "Small");
        }
    }

    // Some clients refuse an empty run.
    private static CardText Run(string text, int most) => new(Cut(text, most) is { Length: > 0 } cut ? cut : "–");

    private static string Cut(string text, int most) => ForeignText.OneLine(text, most);
}
