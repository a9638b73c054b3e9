using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>
/// The colours of pictures of reports. Text has a contrast of at least 4.5 to its background and every mark of at least 3, in light and in
/// dark. Whatever a colour says, a pattern and the place say too.
/// </summary>
internal static class ChartStyle
{
    public static string Text { get; } =
        """
            .reports text{font:15px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1f2328}
            .reports .title{font-size:20px;font-weight:600}
            .reports .head{font-size:17px;font-weight:600}
            .reports .quiet{fill:#59636e}
            .reports .over{stroke:#ffffff;stroke-width:5;stroke-linejoin:round;paint-order:stroke}
            .reports .paper{fill:#ffffff}
            .reports .plot{fill:none}
            .reports .hit{fill:#ffffff;fill-opacity:0}
            .reports .grid{stroke:#d1d9e0}
            .reports .axis{stroke:#818b98}
            .reports .band{fill:#0969da;fill-opacity:.18}
            .reports .half-line{fill:none;stroke:#0969da;stroke-width:2.5;stroke-linejoin:round}
            .reports .most-line{fill:none;stroke:#0969da;stroke-width:2;stroke-linejoin:round;stroke-dasharray:6 4}
            .reports .half-mark{fill:#0969da}
            .reports .most-mark{fill:#ffffff;stroke:#0969da;stroke-width:2}
            .reports .first{fill:#1a7f37;stroke:#1a7f37}
            .reports .later{fill:url(#reports-later);stroke:#1a7f37}
            .reports .unwatched{fill:none;stroke:#1a7f37}
            .reports .cancelled{fill:url(#reports-cancelled);stroke:#59636e}
            .reports .back{fill:url(#reports-back);stroke:#cf222e}
            .reports .gone{fill:#6639ba;stroke:#6639ba}
            .reports .unclear{fill:url(#reports-unclear);stroke:#6639ba}
            .reports .run-half{fill:#0969da;stroke:#0969da}
            .reports .run-most{fill:url(#reports-run);stroke:#0969da}
            .reports .wait-half{fill:#9a6700;stroke:#9a6700}
            .reports .wait-most{fill:url(#reports-wait);stroke:#9a6700}
            .reports .ink-good{fill:none;stroke:#1a7f37;stroke-width:2}
            .reports .ink-quiet{fill:#59636e}
            .reports .ink-bad{fill:none;stroke:#cf222e;stroke-width:1.5}
            .reports .ink-unclear{fill:none;stroke:#6639ba;stroke-width:1.5}
            .reports .ink-run{fill:none;stroke:#0969da;stroke-width:1.5}
            .reports .ink-wait{fill:none;stroke:#9a6700;stroke-width:1.5}
            @media (min-width:900px){
            .reports text{font-size:13px}
            .reports .title{font-size:18px}
            .reports .head{font-size:15px}
            }
            @media (prefers-color-scheme:dark){
            .reports text{fill:#f0f6fc}
            .reports .quiet{fill:#9198a1}
            .reports .over{stroke:#0d1117}
            .reports .paper{fill:#0d1117}
            .reports .grid{stroke:#3d444d}
            .reports .axis{stroke:#656c76}
            .reports .band{fill:#4493f8;fill-opacity:.25}
            .reports .half-line,.reports .most-line{stroke:#4493f8}
            .reports .half-mark{fill:#4493f8}
            .reports .most-mark{fill:#0d1117;stroke:#4493f8}
            .reports .first{fill:#3fb950;stroke:#3fb950}
            .reports .later{stroke:#3fb950}
            .reports .unwatched{stroke:#3fb950}
            .reports .cancelled{stroke:#9198a1}
            .reports .back{stroke:#f85149}
            .reports .gone{fill:#ab7df8;stroke:#ab7df8}
            .reports .unclear{stroke:#ab7df8}
            .reports .run-half{fill:#4493f8;stroke:#4493f8}
            .reports .run-most{stroke:#4493f8}
            .reports .wait-half{fill:#d29922;stroke:#d29922}
            .reports .wait-most{stroke:#d29922}
            .reports .ink-good{stroke:#3fb950}
            .reports .ink-quiet{fill:#9198a1}
            .reports .ink-bad{stroke:#f85149}
            .reports .ink-unclear{stroke:#ab7df8}
            .reports .ink-run{stroke:#4493f8}
            .reports .ink-wait{stroke:#d29922}
            }
            """.ReplaceLineEndings("\n");

    private const string Rising = "M-2 2L2 -2M0 8L8 0M6 10L10 6",
        Crossed = "M0 0L8 8M8 0L0 8",
        Level = "M0 2L8 2M0 6L8 6";

    /// <summary>What the marks that are not solid are filled with.</summary>
    public static void WritePatterns(SvgWriter svg)
    {
        svg.Start("defs");
        Lines("reports-later", Rising, "ink-good");
        Lines("reports-back", Crossed, "ink-bad");
        Lines("reports-unclear", Level, "ink-unclear");
        Lines("reports-run", Rising, "ink-run");
        Lines("reports-wait", Rising, "ink-wait");
        Start("reports-cancelled");
        svg.Element("circle", null, ("cx", "2"), ("cy", "2"), ("r", "1.4"), ("class", "ink-quiet"));
        svg.Element("circle", null, ("cx", "6"), ("cy", "6"), ("r", "1.4"), ("class", "ink-quiet"));
        svg.End();
        svg.End();

        void Lines(string id, string path, string ink)
        {
            Start(id);
            svg.Element("path", null, ("d", path), ("class", ink));
            svg.End();
        }

        void Start(string id)
        {
            svg.Start("pattern", ("id", id), ("width", "8"), ("height", "8"), ("patternUnits", "userSpaceOnUse"));
            svg.Element("rect", null, ("width", "8"), ("height", "8"), ("class", "paper"));
        }
    }
}
