using System.Globalization;
using Autopilot.Api;
using Autopilot.Pages.Html;

namespace Autopilot.Pages.Responses;

/// <summary>What is around the changing part of every page. It holds no data.</summary>
internal static class PageShell
{
    /// <param name="title">What the window is called.</param>
    /// <param name="part">The changing part.</param>
    /// <param name="source">Where it comes from; null where it does not change.</param>
    public static string Write(string title, HtmlWriter part, PageSource? source)
    {
        var html = new HtmlWriter();
        html.Start("html", ("lang", "en"))
            .Start("head")
            .Void("meta", ("charset", "utf-8"))
            .Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            .Void("meta", ("name", "color-scheme"), ("content", "light dark"))
            .Void("meta", ("name", "robots"), ("content", "noindex"))
            .Element("title", $"{title} – Autopilot")
            .Void("link", ("rel", "icon"), ("href", PageAsset.Icon.Address))
            .Void("link", ("rel", "stylesheet"), ("href", PageAsset.Style.Address))
            .Element("script", "", ("src", PageAsset.Script.Address), ("defer", ""))
            .End();
        html.Start("body")
            .Link("#view", "Skip to the content", ("class", "skip"))
            .Start("header")
            .Link(PagePaths.Fleet, "Autopilot", ("class", "brand"))
            .Start("nav", ("aria-label", "Pages"))
            .Link(PagePaths.Fleet, "Fleet")
            .End()
            .End();
        html.Start("div", ("class", "notices"), ("role", "status"))
            .Element("p", "The connection is lost. What is shown is not current; trying again.", ("id", "lost"), ("hidden", ""))
            .Start("p", ("id", "failing"), ("hidden", ""))
            .Text("What is shown is not current; trying again. ")
            .Element("span", "", ("id", "failure"))
            .End()
            .Element("p", "", ("id", "said"), ("hidden", ""))
            .Start("p", ("id", "held"), ("hidden", ""))
            .Text("The list has changed; lines keep their place while you are in it. ")
            .Element("button", "Show the new order", ("type", "button"), ("id", "release"))
            .End()
            .End();
        html.Start(
                "main",
                ("id", "view"),
                ("tabindex", "-1"),
                ("data-source", source?.Address),
                ("data-tag", source?.Tag),
                ("data-now", source?.Now.ToString(CultureInfo.InvariantCulture))
            )
            .Append(part)
            .End()
            .Start("footer")
            .Text($"Autopilot {ProductVersion.Number}")
            .End()
            .End()
            .End();
        return $"<!doctype html>{html}";
    }
}
