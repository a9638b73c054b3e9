using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>A summary as plain text for any terminal, at most 80 columns wide.</summary>
public static class SummaryText
{
    private static readonly TextColumn[] Tasks = [new("Task", 18), new("Status", 14), new("Attempts", 8, Right: true), new("Waited", 12, Right: true), new("Ran", 12, Right: true)];

    /// <summary>The page.</summary>
    public static string Write(WorkflowSummary summary)
    {
        var telling = SummaryTelling.Of(summary);
        var page = new TextPage();
        page.Paragraph(telling.Versions is { } versions ? $"{telling.Name}: {versions}" : telling.Name);
        page.Labelled(telling.Assessment.ToString(), telling.Headline);
        foreach (var (label, text) in telling.Warnings)
        {
            page.Labelled(label, text);
        }

        if (telling.Blocking is { } blocking)
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
                page.Labelled("", $"… and {SummaryTelling.Count(blocking.Hidden)} more, which JSON has.");
            }

            page.Labelled("To do", blocking.ToDo);
        }

        if (telling.Tasks.Count > 0)
        {
            page.Gap();
            page.Table(Tasks, [.. telling.Tasks.Select(task => new[] { task.IsRun ? $"  {task.Name}" : task.Name, task.Status, task.Attempts, task.Waited, task.Ran })]);
        }

        Labelled(page, telling.Figures);
        Labelled(page, telling.Insights.Select(insight => (insight.Level.ToString(), $"{insight.Label}: {insight.Text}")));
        Labelled(page, telling.Facts);
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
