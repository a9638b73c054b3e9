using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Summaries;

/// <summary>A summary as Markdown for chats and tickets.</summary>
public static class SummaryMarkdown
{
    private static readonly string[] Titles = ["Task", "Status", ">Attempts", ">Waited", ">Ran"];

    /// <summary>The page.</summary>
    public static string Write(WorkflowSummary summary)
    {
        var telling = SummaryTelling.Of(summary);
        var page = new MarkdownPage();
        page.Heading(3, $"{telling.Assessment}: {telling.Name}{(telling.Versions is { } versions ? $" ({versions})" : "")}");
        foreach (var (label, text) in telling.Warnings)
        {
            page.Labelled($"{label}:", text);
        }

        page.Paragraph(telling.Headline);
        if (telling.Blocking is { } blocking)
        {
            page.Labelled($"{blocking.Label}:", blocking.What);
            page.Paragraph(blocking.Message);
            foreach (var (label, text) in blocking.Details)
            {
                page.Item($"{label}:", text);
            }

            if (blocking.Hidden > 0)
            {
                page.Item("…", $"and {SummaryTelling.Count(blocking.Hidden)} more, which JSON has.");
            }

            if (blocking.ToDo is { } toDo)
            {
                page.Labelled("To do:", toDo);
            }
        }

        if (telling.Tasks.Count > 0)
        {
            page.Table(Titles, telling.Tasks.Select(task => new[] { task.IsRun ? $"… {task.Name}" : task.Name, task.Status, task.Attempts, task.Waited, task.Ran }));
        }

        foreach (var (label, text) in telling.Figures)
        {
            page.Item($"{label}:", text);
        }

        foreach (var (level, label, text) in telling.Insights)
        {
            page.Item($"{level}:", $"{label}: {text}");
        }

        page.Paragraph(string.Join(" · ", telling.Facts.Select(fact => $"{fact.Label} {fact.Text}")));
        return page.ToString();
    }
}
