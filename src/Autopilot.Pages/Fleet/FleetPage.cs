using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Writing;
using Autopilot.Pages.Html;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Fleet;

/// <summary>The first page: every upgrade in a line, those first that need a person.</summary>
internal sealed class FleetPage(FleetCopies copies)
{
    public async Task<PageContent> MakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = FleetQuery.Of(context.Request);
        return query.Finished
            ? Write(query, await copies.FinishedAsync(query.Text, query.After, cancellationToken))
            : Write(query, await copies.ActiveAsync(cancellationToken));
    }

    /// <summary>The active ones.</summary>
    internal static PageContent Write(FleetQuery query, FleetCopy copy)
    {
        var fleet = copy.Fleet;
        var matching = fleet
            .Items.Where(line =>
                (query.Assessment is not { } only || line.Assessment == only) && (query.Text.Length == 0 || line.Matches(query.Text))
            )
            .ToList();
        var pages = Math.Max(1, (matching.Count + FleetCopies.PageSize - 1) / FleetCopies.PageSize);
        var page = Math.Min(query.Page, pages);
        var html = Begin(query);
        foreach (var finding in copy.Findings)
        {
            html.Start("p", ("class", "warning")).Element("strong", $"{finding.Code}: ").Text(finding.Detail).End();
        }

        Counts(html, query, fleet.Counts);
        LeftOut(html, fleet.Unreadable);
        if (fleet.Items.Count == 0)
        {
            NothingTracked(html);
        }
        else if (matching.Count == 0)
        {
            html.Start("p", ("class", "empty"))
                .Text("No active upgrade matches. ")
                .Link(PagePaths.Fleet, "Show all")
                .Text(" or ")
                .Link(PagePaths.FleetWith(true, null, query.Text), "look among the finished ones")
                .Text(".")
                .End();
        }
        else
        {
            Table(html, matching.Skip((page - 1) * FleetCopies.PageSize).Take(FleetCopies.PageSize), finished: false);
        }

        if (pages > 1)
        {
            html.Start("nav", ("aria-label", "Parts of the list"), ("class", "parts"));
            for (var number = 1; number <= pages; number++)
            {
                html.Link(
                    PagePaths.FleetWith(false, query.Assessment, query.Text, number),
                    SummaryPhrases.Count(number),
                    ("aria-current", number == page ? "page" : null)
                );
            }

            html.End();
        }

        return new(TitleOf(fleet.Counts), html.End());
    }

    /// <summary>Those that are over or no longer tracked.</summary>
    internal static PageContent Write(FleetQuery query, FinishedCopy copy)
    {
        var html = Begin(query);
        LeftOut(html, copy.Unreadable);
        if (copy.Lines.Count > 0)
        {
            Table(html, copy.Lines, finished: true);
        }
        else
        {
            html.Element(
                "p",
                query.Text.Length == 0
                    ? "No upgrade has ended yet."
                    : "No upgrade that has ended matches: finished ones are found by the whole name or id of the cluster.",
                ("class", "empty")
            );
        }

        if (copy.Next is { } next)
        {
            html.Start("p", ("class", "parts")).Link(PagePaths.FleetWith(true, null, query.Text, after: next), "Earlier ones").End();
        }

        return new("Finished upgrades", html.End());
    }

    private static HtmlWriter Begin(FleetQuery query)
    {
        var html = new HtmlWriter().Start("div", ("class", "fleet")).Element("h1", "Fleet");
        html.Start("nav", ("aria-label", "Which upgrades"), ("class", "tabs"))
            .Link(PagePaths.FleetWith(false, null, query.Text), "Active", ("aria-current", query.Finished ? null : "page"))
            .Link(PagePaths.FleetWith(true, null, query.Text), "Finished", ("aria-current", query.Finished ? "page" : null))
            .End();
        html.Start("form", ("action", PagePaths.Fleet), ("method", "get"), ("role", "search"));
        if (query.Finished)
        {
            html.Void("input", ("type", "hidden"), ("name", "view"), ("value", "finished"));
        }

        if (query.Assessment is { } assessment)
        {
            html.Void("input", ("type", "hidden"), ("name", "assessment"), ("value", assessment.ToString()));
        }

        return html.Element("label", "Cluster name or id", ("for", "q"))
            .Void(
                "input",
                ("type", "search"),
                ("id", "q"),
                ("name", "q"),
                ("value", query.Text),
                ("maxlength", "256"),
                ("autocomplete", "off"),
                ("spellcheck", "false")
            )
            .Element("button", "Search", ("type", "submit"))
            .End();
    }

    private static void Counts(HtmlWriter html, FleetQuery query, IReadOnlyDictionary<Assessment, int> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }

        html.Start("nav", ("aria-label", "By assessment"), ("class", "counts"))
            .Link(
                PagePaths.FleetWith(false, null, query.Text),
                $"{SummaryPhrases.Count(counts.Values.Sum())} in all",
                ("aria-current", query.Assessment is null ? "true" : null)
            );
        foreach (var (assessment, count) in counts.OrderBy(count => Array.IndexOf(SummaryPage.ByNeed, count.Key)))
        {
            html.Link(
                PagePaths.FleetWith(false, assessment, query.Text),
                $"{SummaryPhrases.Count(count)} {assessment}",
                ("class", PageParts.ClassOf(Severities.Of(assessment))),
                ("aria-current", query.Assessment == assessment ? "true" : null)
            );
        }

        html.End();
    }

    private static void Table(HtmlWriter html, IEnumerable<FleetLine> lines, bool finished)
    {
        html.Start("table", ("class", "lines"))
            .Head(
                finished ? ["Assessment", "Cluster", "Upgrade", "Now"] : ["Assessment", "Cluster", "Upgrade", "Now", "Done", "Expected end"]
            )
            .Start("tbody", ("data-list", ""));
        foreach (var line in lines)
        {
            html.Start("tr", ("data-key", line.Id))
                .Start("td", ("data-label", "Assessment"))
                .Badge(line.Assessment.ToString(), line.Severity);
            if (line.Warning is { } warning)
            {
                html.Text(" ").Badge(warning, Severity.Careful);
            }

            html.End()
                .Start("th", ("scope", "row"), ("data-label", "Cluster"))
                .Link(PagePaths.Upgrade(line.Id), line.Name, ("id", $"u-{line.Id}"))
                .End()
                .Element("td", line.Versions ?? "–", ("data-label", "Upgrade"))
                .Start("td", ("data-label", "Now"))
                .Counting(line.Now, line.Lasting, line.Since)
                .End();
            if (!finished)
            {
                html.Start("td", ("data-label", "Done")).Stages(line).End().Element("td", line.End ?? "–", ("data-label", "Expected end"));
            }

            html.End();
        }

        html.End().End();
    }

    private static void LeftOut(HtmlWriter html, int unreadable)
    {
        foreach (var sentence in new SummaryPage([], null) { Unreadable = unreadable }.LeftOut())
        {
            html.Element("p", sentence, ("class", "warning"));
        }
    }

    private static void NothingTracked(HtmlWriter html) =>
        html.Start("section", ("class", "empty"))
            .Element("h2", "No upgrade is tracked")
            .Element("p", "Name a cluster whose upgrades are to be found, or an upgrade by its id:")
            .Start("pre")
            .Lines(
                "curl -X PUT 'http://<this server>/api/clusters/<cluster id>'\n"
                    + "curl -X PUT 'http://<this server>/api/workflows/<upgrade workflow id>' -H 'Content-Type: application/json' \\\n"
                    + "  -d '{\"clusterId\":\"<cluster id>\"}'"
            )
            .End()
            .Element(
                "p",
                "The setting Tracking:Projects:0 tracks every upgrade of every cluster of a project, also those to come. What has ended is "
                    + "under Finished."
            )
            .End();

    private static string TitleOf(IReadOnlyDictionary<Assessment, int> counts) =>
        SummaryPage.CountOf(counts.Where(count => Severities.Of(count.Key) == Severity.Bad).ToDictionary()) is { } bad
            ? $"Fleet: {bad}"
            : "Fleet";
}
