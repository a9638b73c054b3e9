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
        var view = SummaryView.Of(summary);
        var page = new MarkdownPage();
        page.Heading(3, $"{view.Assessment}: {view.Name}{(view.Versions is { } versions ? $" ({versions})" : "")}");
        foreach (var (label, text) in view.Warnings)
        {
            page.Labelled($"{label}:", text);
        }

        page.Paragraph(view.Headline);
        if (view.Blocking is { } blocking)
        {
            page.Labelled($"{blocking.Label}:", blocking.What);
            page.Paragraph(blocking.Message);
            foreach (var (label, text) in blocking.Details)
            {
                page.Item($"{label}:", text);
            }

            if (blocking.Hidden > 0)
            {
                page.Item("…", $"and {SummaryPhrases.Count(blocking.Hidden)} more, which JSON has.");
            }

            if (blocking.ToDo is { } toDo)
            {
                page.Labelled("To do:", toDo);
            }

            if (blocking.Before is { } before)
            {
                page.Labelled("Before:", before);
            }

            foreach (var reference in blocking.References)
            {
                page.Code($"See {reference.Title}:", reference.Url);
            }
        }

        if (view.MayDo is { } mayDo)
        {
            page.Labelled("You may:", mayDo);
        }

        if (view.Tasks.Count > 0)
        {
            page.Table(
                Titles,
                view.Tasks.Select(task =>
                    new[] { task.IsRun ? $"… {task.Name}" : task.Name, task.Status, task.Attempts, task.Waited, task.Ran }
                )
            );
        }

        foreach (var (label, text) in view.Figures)
        {
            page.Item($"{label}:", text);
        }

        foreach (var (level, label, text) in view.Insights)
        {
            page.Item($"{level}:", $"{label}: {text}");
        }

        page.Paragraph(string.Join(" · ", view.Facts.Select(fact => $"{fact.Label} {fact.Text}")));
        return page.ToString();
    }
}
