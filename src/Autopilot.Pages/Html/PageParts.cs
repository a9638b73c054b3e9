using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Writing;

namespace Autopilot.Pages.Html;

/// <summary>Parts that several pages have.</summary>
internal static class PageParts
{
    /// <summary>The class of a severity, in the words of the style.</summary>
    public static string ClassOf(Severity severity) =>
        severity switch
        {
            Severity.Bad => "bad",
            Severity.Careful => "careful",
            Severity.Good => "good",
            _ => "plain",
        };

    public static string ClassOf(InsightLevel level) =>
        level == InsightLevel.Error ? "bad"
        : level == InsightLevel.Warning ? "careful"
        : "plain";

    /// <summary>An assessment: its name says it, and shape and colour repeat it.</summary>
    public static HtmlWriter Badge(this HtmlWriter html, string text, Severity severity) =>
        html.Element("span", text, ("class", $"badge {ClassOf(severity)}"));

    /// <summary>The tasks as a small bar.</summary>
    public static HtmlWriter Stages(this HtmlWriter html, FleetLine line)
    {
        if (line.Stages.Count == 0)
        {
            return html.Text(line.Done);
        }

        html.Start(
            "span",
            ("class", "stages"),
            ("role", "img"),
            ("aria-label", string.Join(", ", line.Stages.Select(stage => $"{stage.Name} {stage.Status}")))
        );
        foreach (var (name, status, kind) in line.Stages)
        {
            html.Element("i", "", ("class", kind), ("title", $"{name}: {status}"));
        }

        return html.End().Element("span", line.Done, ("class", "done-of"));
    }

    /// <summary>The head of the table that was begun.</summary>
    public static HtmlWriter Head(this HtmlWriter html, params ReadOnlySpan<string> titles)
    {
        html.Start("thead").Start("tr");
        foreach (var title in titles)
        {
            html.Element("th", title, ("scope", "col"));
        }

        return html.End().End();
    }

    /// <summary>Begins what a narrow window scrolls sideways, also by keyboard.</summary>
    public static HtmlWriter StartWide(this HtmlWriter html, string label) =>
        html.Start("div", ("class", "wide"), ("tabindex", "0"), ("role", "region"), ("aria-label", label));

    /// <summary>Terms and what they are.</summary>
    public static HtmlWriter Facts(this HtmlWriter html, IEnumerable<(string Label, string Text)> facts)
    {
        html.Start("dl");
        foreach (var (label, text) in facts)
        {
            html.Start("div").Element("dt", label).Element("dd", text).End();
        }

        return html.End();
    }

    public static HtmlWriter References(this HtmlWriter html, IReadOnlyList<ReferenceLink> references)
    {
        foreach (var reference in references)
        {
            html.Start("p", ("class", "see")).Text("See ").Link(reference.Url, reference.Title).End();
        }

        return html;
    }
}
