using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Changes;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Writing;
using Autopilot.Pages.Html;

namespace Autopilot.Pages.Upgrades;

/// <summary>The history of an upgrade as pages.</summary>
internal static class HistoryHtml
{
    /// <summary>A page of changes, newest first.</summary>
    public static PageContent Write(TrackedWorkflow workflow, Page<HistoryEntry> changes)
    {
        var (id, name) = Named(workflow);
        var page = new ChangePage("", [.. changes.Items.Select(entry => new ChangeLine(entry))], null)
        {
            Unreadable = changes.Unreadable,
            Partial = changes.Partial,
        };
        var html = Begin(id, name, $"History of {name}").Changes(id, changes.Items);
        foreach (var sentence in page.LeftOut())
        {
            html.Element("p", sentence, ("class", "warning"));
        }

        if (changes.ContinuationToken is { } next)
        {
            html.Start("p", ("class", "parts")).Link(PagePaths.History(id, next), "Earlier ones").End();
        }

        return new($"History of {name}", html.End());
    }

    /// <summary>One state, and upstream's document.</summary>
    /// <param name="document">The document, on several lines.</param>
    public static PageContent Write(TrackedWorkflow workflow, HistoryState state, string document)
    {
        var (id, name) = Named(workflow);
        var number = SummaryPhrases.Count(state.Entry.Sequence);
        var html = Begin(id, name, $"State {number} of {name}").Changes(id, [state.Entry]);
        html.Start("nav", ("aria-label", "States"), ("class", "parts"));
        if (state.Entry.Sequence > 1)
        {
            html.Link(PagePaths.State(id, state.Entry.Sequence - 1), "The state before");
        }

        if (state.Entry.Sequence < workflow.Sequence)
        {
            html.Link(PagePaths.State(id, state.Entry.Sequence + 1), "The state after");
        }

        html.End()
            .Element("h2", "As upstream showed it", ("id", "document"))
            .Start("pre", ("class", "document"), ("tabindex", "0"), ("role", "region"), ("aria-labelledby", "document"))
            .Lines(document)
            .End();
        return new($"State {number} of {name}", html.End());
    }

    /// <summary>A table of changes, each with a link to its state.</summary>
    public static HtmlWriter Changes(this HtmlWriter html, string id, IReadOnlyList<HistoryEntry> entries)
    {
        if (entries.Count == 0)
        {
            return html.Element("p", "Nothing has been read of it yet.", ("class", "empty"));
        }

        html.Start("table", ("class", "changes")).Head("State", "Observed", "Assessment", "Phase", "Changes").Start("tbody");
        foreach (var entry in entries)
        {
            var number = SummaryPhrases.Count(entry.Sequence);
            html.Start("tr", ("data-key", number))
                .Start("th", ("scope", "row"), ("data-label", "State"))
                .Link(PagePaths.State(id, entry.Sequence), $"State {number}", ("id", $"state-{number}"))
                .End()
                .Element("td", HumanDuration.At(entry.ObservedAt), ("data-label", "Observed"))
                .Start("td", ("data-label", "Assessment"))
                .Badge(entry.Assessment.ToString(), Severities.Of(entry.Assessment))
                .End()
                .Element("td", SummaryPhrases.Word(entry.Phase.Value), ("data-label", "Phase"))
                .Element("td", ChangePage.Words(entry), ("data-label", "Changes"))
                .End();
        }

        return html.End().End();
    }

    private static HtmlWriter Begin(string id, string name, string title) =>
        new HtmlWriter()
            .Start("article", ("class", "upgrade"))
            .Start("p", ("class", "path"))
            .Link(PagePaths.Fleet, "Fleet")
            .Text(" / ")
            .Link(PagePaths.Upgrade(id), name)
            .Text(" / ")
            .Link(PagePaths.History(id), "History")
            .End()
            .Element("h1", title);

    private static (string Id, string Name) Named(TrackedWorkflow workflow) =>
        (workflow.Target.WorkflowId, SummaryPhrases.Name(workflow.ClusterName, workflow.Target.ClusterId, workflow.Target.WorkflowId));
}
