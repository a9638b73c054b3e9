using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;
using Autopilot.Formats.Summaries;
using Autopilot.Pages.Html;

namespace Autopilot.Pages.Upgrades;

/// <summary>A summary as a page: the same view as in text, Markdown and cards.</summary>
internal static class UpgradeHtml
{
    public static PageContent Write(WorkflowSummary summary, Page<HistoryEntry> changes)
    {
        var view = SummaryView.Of(summary, SummaryStyle.ForPages);
        var since = FleetLine.IsLive(summary) ? summary.BlockingTask?.Since : null;
        var html = new HtmlWriter().Start("article", ("class", "upgrade"), ("data-title", $"{view.Assessment}: {view.Name} – Autopilot"));
        html.Start("p", ("class", "path")).Link(PagePaths.Fleet, "Fleet").Text(" / ").Text(view.Name).End();
        html.Start("h1").Text(view.Name).Text(" ").Badge(view.Assessment.ToString(), view.Severity).End();
        if (view.Versions is { } versions)
        {
            html.Element("p", versions, ("class", "versions"));
        }

        foreach (var (label, text) in view.Warnings)
        {
            html.Start("p", ("class", "warning")).Element("strong", $"{label}: ").Text(text).End();
        }

        html.Element("p", view.Headline, ("class", $"headline {PageParts.ClassOf(view.Severity)}"));
        if (view.Blocking is { } blocking)
        {
            Write(html, blocking, summary.BlockingTask?.BlockedSeconds, since);
        }

        Actions(html, view.MayDo, summary.Actions);
        Chat(html, summary.Id);
        html.Start("section", ("aria-labelledby", "timeline"))
            .Element("h2", "Timeline", ("id", "timeline"))
            .Start("a", ("href", PagePaths.Timeline(summary.Id)), ("class", "picture"))
            .Void(
                "img",
                ("src", PagePaths.Timeline(summary.Id)),
                ("data-picture", PagePaths.Timeline(summary.Id)),
                ("data-version", $"{SummaryPhrases.Count(summary.Sequence)} {(summary.ObservedAt is { } at ? InstantText.Of(at) : "")}"),
                ("alt", $"Timeline of the tasks of {view.Name}; the table of tasks says the same")
            )
            .End()
            .End();
        Tasks(html, view.Tasks);
        html.Start("section", ("aria-labelledby", "figures"))
            .Element("h2", "Time and estimate", ("id", "figures"))
            .Facts(view.Figures)
            .End();
        Insights(html, view.Insights);
        html.Start("section", ("aria-labelledby", "history"))
            .Element("h2", "History", ("id", "history"))
            .Changes(summary.Id, changes.Items);
        if (changes.ContinuationToken is not null)
        {
            html.Start("p").Link(PagePaths.History(summary.Id), "All changes").End();
        }

        html.End();
        html.Start("section", ("aria-labelledby", "facts")).Element("h2", "Facts", ("id", "facts")).Facts(view.Facts);
        if (summary.ObservedAt is { } observed)
        {
            html.Start("p", ("class", "soft"))
                .Text($"Read from upstream at {HumanDuration.At(observed)}")
                .Element("span", "", ("class", "ago"), ("data-since", InstantText.Of(observed)))
                .Text(".")
                .End();
        }

        html.End().End();
        return new($"{view.Assessment}: {view.Name}", html);
    }

    private static void Write(HtmlWriter html, BlockingView blocking, double? seconds, DateTimeOffset? since)
    {
        html.Start("section", ("class", "blocking"), ("aria-labelledby", "blocking"))
            .Element("h2", blocking.Label, ("id", "blocking"))
            .Start("p", ("class", "what"))
            .Counting(blocking.What, SummaryPhrases.Span(seconds), since)
            .End()
            .Element("p", blocking.Message);
        if (blocking.Details.Count > 0)
        {
            html.Start("ul", ("class", "details"));
            foreach (var (label, text) in blocking.Details)
            {
                html.Start("li").Element("strong", $"{label}: ").Text(text).End();
            }

            html.End();
        }

        if (blocking.ToDo is { } toDo)
        {
            html.Start("p", ("class", "to-do")).Element("strong", "To do: ").Text(toDo).End();
        }

        if (blocking.Before is { } before)
        {
            html.Start("p").Element("strong", "Before: ").Text(before).End();
        }

        html.References(blocking.References).End();
    }

    private static void Actions(HtmlWriter html, string? mayDo, IReadOnlyList<WorkflowAction> actions)
    {
        if (mayDo is null && actions.Count == 0)
        {
            return;
        }

        html.Start("section", ("aria-labelledby", "actions")).Element("h2", "What may be done", ("id", "actions"));
        if (mayDo is not null)
        {
            html.Start("p").Element("strong", "You may: ").Text(mayDo).End();
        }

        if (actions.Count > 0)
        {
            html.Start("details", ("id", "all-actions")).Element("summary", "Every action, and why it is allowed or not");
            html.StartWide("Table of actions").Start("table").Head("Action", "Allowed", "By", "Why").Start("tbody");
            foreach (var action in actions)
            {
                html.Start("tr")
                    .Element("th", $"{action.Action}{(action.Advised ? " (advised)" : "")}", ("scope", "row"))
                    .Element("td", action.Allowed.ToString())
                    .Element("td", action.By.ToString())
                    .Element("td", action.Reason)
                    .End();
            }

            html.End().End().End().End();
        }

        html.End();
    }

    private static void Chat(HtmlWriter html, string id) =>
        html.Start("p", ("class", "chat"))
            .Text("Copy for chat: ")
            .Link(PagePaths.Api(id, "markdown"), "Markdown", ("data-copy", "Copied as Markdown."), ("id", "copy-markdown"))
            .Text(" · ")
            .Link(PagePaths.Api(id, "text"), "text", ("data-copy", "Copied as text."), ("id", "copy-text"))
            .Text(" · ")
            .Link(PagePaths.Api(id, "json"), "JSON")
            .End();

    private static void Tasks(HtmlWriter html, IReadOnlyList<TaskView> tasks)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        html.Start("section", ("aria-labelledby", "tasks"))
            .Element("h2", "Tasks and attempts", ("id", "tasks"))
            .StartWide("Table of tasks")
            .Start("table", ("class", "tasks"))
            .Head("Task", "Status", "Attempts", "Waited", "Ran")
            .Start("tbody");
        foreach (var task in tasks)
        {
            html.Start("tr", ("class", task.IsRun ? "run" : null))
                .Start("th", ("scope", "row"))
                .Text(task.IsRun ? $"… {task.Name}" : task.Name);
            if (task.Notes.Count > 0)
            {
                html.Element("small", string.Join(", ", task.Notes));
            }

            html.End()
                .Start("td")
                .Badge(task.Status, task.Severity)
                .End()
                .Element("td", task.Attempts, ("class", "number"))
                .Element("td", task.Waited, ("class", "number"))
                .Element("td", task.Ran, ("class", "number"))
                .End();
        }

        html.End().End().End().End();
    }

    private static void Insights(HtmlWriter html, IReadOnlyList<InsightView> insights)
    {
        if (insights.Count == 0)
        {
            return;
        }

        html.Start("section", ("aria-labelledby", "insights"))
            .Element("h2", "Worth knowing", ("id", "insights"))
            .Start("ul", ("class", "insights"));
        foreach (var insight in insights)
        {
            html.Start("li")
                .Element("span", insight.Level.ToString(), ("class", $"badge {PageParts.ClassOf(insight.Level)}"))
                .Text(" ")
                .Element("strong", $"{insight.Label}: ")
                .Text(insight.Text)
                .References(insight.References)
                .End();
        }

        html.End().End();
    }
}
