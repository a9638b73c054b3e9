using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>A summary as plain text for any terminal, at most 80 columns wide.</summary>
public static class SummaryText
{
    private static readonly TextColumn[] Tasks =
    [
        new("Task", 18),
        new("Status", 14),
        new("Attempts", 8, Right: true),
        new("Waited", 12, Right: true),
        new("Ran", 12, Right: true),
    ];

    /// <summary>The page.</summary>
    public static string Write(WorkflowSummary summary)
    {
        var view = SummaryView.Of(summary);
        var page = new TextPage();
        page.Paragraph(view.Versions is { } versions ? $"{view.Name}: {versions}" : view.Name);
        page.Labelled(view.Assessment.ToString(), view.Headline);
        foreach (var (label, text) in view.Warnings)
        {
            page.Labelled(label, text);
        }

        if (view.Blocking is { } blocking)
        {
            page.Gap();
            page.Labelled(blocking.Label, blocking.What);
            page.Labelled("What", blocking.Message);
            foreach (var (label, text) in blocking.Details)
            {
                page.Labelled($"  {label}", text);
            }

            if (blocking.Hidden > 0)
            {
                page.Labelled("", $"… and {SummaryPhrases.Count(blocking.Hidden)} more, which JSON has.");
            }

            page.Labelled("To do", blocking.ToDo);
            page.Labelled("Before", blocking.Before);
            foreach (var reference in blocking.References)
            {
                page.Labelled("See", reference.Title);
                page.Address(reference.Url);
            }
        }

        if (view.MayDo is { } mayDo)
        {
            page.Labelled("You may", mayDo);
        }

        if (view.Tasks.Count > 0)
        {
            page.Gap();
            page.Table(
                Tasks,
                [
                    .. view.Tasks.Select(task =>
                        new[] { task.IsRun ? $"  {task.Name}" : task.Name, task.Status, task.Attempts, task.Waited, task.Ran }
                    ),
                ]
            );
        }

        Labelled(page, view.Figures);
        Labelled(page, view.Insights.Select(insight => (insight.Level.ToString(), $"{insight.Label}: {insight.Text}")));
        Labelled(page, view.Facts);
        return page.ToString();
    }

    private static void Labelled(TextPage page, IEnumerable<(string Label, string Text)> lines)
    {
        page.Gap();
        foreach (var (label, text) in lines)
        {
            page.Labelled(label, text);
        }
    }
}
