using System.Globalization;
using System.Text;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Summaries;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Timelines;

/// <summary>
/// A timeline as a Gantt chart. It has a lane for each task with its runs, waits, queues and blocks, the pre-check's expiry and the moment
/// of observation. Everything that a colour says is said by a shape or a pattern as well. It is drawn for 400 pixels; the wider it is
/// shown, the smaller its letters are beside the bars, and the more bars have theirs.
/// </summary>
public static class TimelineSvg
{
    private const double Width = 600,
        Margin = 12,
        LaneHeight = 52,
        BarTop = 24,
        BarHeight = 18,
        Top = 96,
        SmallestBar = 3,
        SmallestWait = 8,
        LegendLine = 20;

    // What a column of text takes: of letters as they are at 400 pixels, and as they are at 1100 and more.
    private const double Column = 8,
        WideColumn = 5.8;

    /// <summary>The only style there is, so that a host can allow just this one in a Content-Security-Policy.</summary>
    public static string Style { get; } =
        """
            text{font:15px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#1f2328}
            .title{font-size:17px;font-weight:600}.name{font-weight:600}.soft{fill:#59636e}.label{text-anchor:middle}.beside{text-anchor:start}.wide{display:none}
            .back{fill:#fff}.grid{stroke:#d1d9e0}.lane{stroke:#d1d9e0;stroke-dasharray:1 3}
            .bar{stroke-width:1.5}
            .done{fill:#c7f0d2;stroke:#1a7f37}.goes{fill:#cfe8ff;stroke:#0969da}.failed{fill:url(#hatch);stroke:#cf222e}.held{fill:url(#stripes);stroke:#9a6700}.other{fill:#eaeef2;stroke:#59636e;stroke-dasharray:2 2}
            .wait{fill:none;stroke:#818b98;stroke-dasharray:4 3;stroke-width:1}.queue{fill:url(#levels);stroke:#0969da;stroke-width:1}.blocked{fill:none;stroke:#cf222e;stroke-dasharray:8 2;stroke-width:1.5}
            .leveling{stroke:#0969da;stroke-opacity:.4}
            .cross{fill:none;stroke:#cf222e;stroke-width:2.5}.arrow{fill:#0969da}.due{fill:#9a6700}.over{fill:#cf222e}
            .now{stroke:#8250df;stroke-width:1.5;stroke-dasharray:6 3}.nowtext{fill:#8250df}
            .tint{fill:#ffebe9}.hatching{stroke:#f0a6a2;stroke-width:3}.tint2{fill:#fff8c5}.striping{stroke:#d4b657;stroke-width:3}
            @media(min-width:760px){text{font-size:12.5px}.title{font-size:15px}}
            @media(min-width:1100px){text{font-size:10.5px}.title{font-size:14px}.wide{display:inline}}
            @media(prefers-color-scheme:dark){
            text{fill:#f0f6fc}.soft{fill:#9198a1}.back{fill:#0d1117}.grid,.lane{stroke:#3d444d}
            .done{fill:#17442a;stroke:#3fb950}.goes{fill:#15335c;stroke:#4493f8}.failed{stroke:#f85149}.held{stroke:#d29922}.other{fill:#212830;stroke:#9198a1}
            .wait{stroke:#7d8590}.queue{stroke:#4493f8}.leveling{stroke:#4493f8}.blocked{stroke:#f85149}.cross{stroke:#f85149}.arrow{fill:#4493f8}.due{fill:#d29922}.over{fill:#f85149}.now{stroke:#ab7df8}.nowtext{fill:#ab7df8}
            .tint{fill:#3a1a1f}.hatching{stroke:#6e2b2f}.tint2{fill:#332a10}.striping{stroke:#6b5518}}
            """.ReplaceLineEndings("\n");

    /// <summary>The picture.</summary>
    public static ReadOnlyMemory<byte> Write(UpgradeTimeline timeline)
    {
        var lanes = TimelineLane.Of(timeline);
        var height = timeline.From is null
            ? 104
            : Top
                + LaneHeight * Math.Max(1, lanes.Count)
                + 62
                + LegendLine * LegendOf(lanes).Select(entry => entry.Line).DefaultIfEmpty().Max();
        using var svg = new SvgWriter(
            Width,
            height,
            Plain(TimelinePhrases.Title(timeline), 200),
            Description(timeline, lanes),
            Style,
            scale: 1.6
        );
        svg.Element("rect", null, ("width", "100%"), ("height", "100%"), ("class", "back"));
        svg.Text(
            Margin,
            26,
            TextWidth.Cut(Plain(TimelinePhrases.Title(timeline), 200), (int)((Width - 2 * Margin) / (Column * 1.2))),
            "title"
        );
        if (timeline is not { From: { } from, To: { } to })
        {
            svg.Text(Margin, 58, "Nothing has been read of this upgrade yet;", "soft");
            svg.Text(Margin, 80, "its first poll will show how it stands.", "soft");
            return svg.ToBytes();
        }

        Patterns(svg);
        svg.Text(Margin, 47, Subtitle(timeline, from, to), "soft");
        var axis = new TimeAxis(from, End(to, from, lanes), Margin, Width - 2 * Margin);
        var bottom = Top + LaneHeight * Math.Max(1, lanes.Count);
        Axis(svg, axis, bottom);
        foreach (var (index, lane) in lanes.Index())
        {
            Lane(svg, axis, lane, Top + LaneHeight * index, to);
        }

        if (lanes.Count == 0)
        {
            svg.Text(Margin, Top + 30, "It shows no tasks yet.", "soft");
        }

        var now = axis.At(to);
        svg.Line(now, Top - 6, now, bottom + 2, "now");
        var word = timeline.EndedAt is not null ? $"ended {Clock(to)}" : $"as of {Clock(to)}";
        svg.Text(
            Math.Clamp(now, Margin, axis.Right),
            bottom + 19,
            word,
            "nowtext",
            now > Width - 90 ? "end"
                : now < 90 ? "start"
                : "middle"
        );
        Legend(svg, lanes, bottom + 46);
        return svg.ToBytes();
    }

    /// <summary>How it stands, from when to when, and how long that is.</summary>
    private static string Subtitle(UpgradeTimeline timeline, DateTimeOffset from, DateTimeOffset to)
    {
        var span =
            $"{HumanDuration.At(from).Replace(" UTC", "", StringComparison.Ordinal)} – {HumanDuration.At(to)}, "
            + $"{HumanDuration.Of(to - from)}";
        return TimelinePhrases.StandOf(timeline) is { } standing ? $"{standing} · {span}"
            : timeline.EndedAt is null ? $"{span} so far"
            : span;
    }

    /// <summary>An expiry to come belongs into the picture, unless everything else would become too small beside it.</summary>
    private static DateTimeOffset End(DateTimeOffset to, DateTimeOffset from, IReadOnlyList<TimelineLane> lanes)
    {
        var end = to;
        foreach (var lane in lanes)
        {
            if (lane.ExpiresAt is { } expiry && expiry > end && (expiry - to <= TimeSpan.FromHours(2) || expiry - to <= to - from))
            {
                end = expiry;
            }
        }

        return end;
    }

    private static void Patterns(SvgWriter svg)
    {
        svg.Start("defs");
        Pattern("hatch", "tint", "hatching", "rotate(45)");
        Pattern("stripes", "tint2", "striping", null);
        Pattern("levels", "back", "leveling", "rotate(90)");
        svg.End();

        void Pattern(string id, string back, string line, string? transform)
        {
            svg.Start(
                "pattern",
                ("id", id),
                ("width", "7"),
                ("height", "7"),
                ("patternUnits", "userSpaceOnUse"),
                ("patternTransform", transform)
            );
            svg.Element("rect", null, ("width", "7"), ("height", "7"), ("class", back));
            svg.Line(1.5, 0, 1.5, 7, line);
            svg.End();
        }
    }

    private static void Axis(SvgWriter svg, TimeAxis axis, double bottom)
    {
        foreach (var tick in axis.Ticks(6))
        {
            svg.Line(tick.X, Top - 6, tick.X, bottom + 2, "grid");
            var anchor =
                tick.X < Margin + 40 ? "start"
                : tick.X > axis.Right - 40 ? "end"
                : "middle";
            if (tick.Date is { } date)
            {
                svg.Text(tick.X, tick.Time is null ? Top - 12 : Top - 27, date, "soft", anchor);
            }

            if (tick.Time is { } time)
            {
                svg.Text(tick.X, Top - 11, time, "soft", anchor);
            }
        }
    }

    private static void Lane(SvgWriter svg, TimeAxis axis, TimelineLane lane, double top, DateTimeOffset asOf)
    {
        // Beside a long name there is less room for the rest, and a name leaves room for at least the status.
        var most = (int)((Width - 2 * Margin) / Column);
        var name = TextWidth.Cut(lane.Name, most / 2);
        svg.Start("text", ("x", SvgWriter.Number(Margin)), ("y", SvgWriter.Number(top + 16)));
        svg.Element("tspan", name, ("class", "name"));
        var due = lane.ExpiresAt is { } expiry ? $"{(expiry <= asOf ? "expired" : "expires")} {Clock(expiry)}" : null;
        svg.Element(
            "tspan",
            TextWidth.Cut(due is null ? lane.Description() : $"{lane.Description()}, {due}", most - TextWidth.Of(name) - 3),
            ("class", "soft"),
            ("dx", "8")
        );
        svg.End();
        svg.Line(Margin, top + BarTop + BarHeight / 2, Width - Margin, top + BarTop + BarHeight / 2, "lane");

        var places = lane.Rows.Select(row => Place(axis, row, asOf)).ToList();
        var attempt = 0;
        var lastMark = double.MinValue;
        foreach (var (index, row) in lane.Rows.Index())
        {
            var (x, width) = places[index];
            var y = top + BarTop;
            if (row.Kind != TimelineKind.Run)
            {
                if (row.Reason == BlockingReason.Paused)
                {
                    // Within its run: the run's own label stays legible.
                    svg.Rectangle(
                        x,
                        y + BarHeight - 5,
                        Math.Max(width, SmallestBar),
                        5,
                        Class(row),
                        $"{lane.Name}: {TimelinePhrases.What(row)}{Times(row)}"
                    );
                }
                else if (width >= SmallestWait)
                {
                    svg.Rectangle(x, y, width, BarHeight, Class(row), $"{lane.Name}: {TimelinePhrases.What(row)}{Times(row)}");
                    Label(svg, x, y, width, 0, SummaryPhrases.Span(row.Seconds), "soft");
                }

                continue;
            }

            attempt++;
            var run =
                $"{lane.Name}{(lane.Attempts > 1 ? $", attempt {SummaryPhrases.Count(attempt)}" : "")}: {Plain(row.Status.Value, 64)}";
            svg.Rectangle(
                x,
                y,
                width,
                BarHeight,
                $"bar {Class(row)}",
                $"{run}{TimelinePhrases.FailedOn(row)}{Times(row)}{TimelinePhrases.Observed(row)}"
            );
            if (row.Status == UpgradeTaskStatus.Failed && x + width / 2 - lastMark >= 22)
            {
                lastMark = x + width / 2;
                Cross(svg, width > 60 ? x + 11 : lastMark, y + BarHeight / 2);
            }
            else if (row is { EndedAt: null, Seconds: not null })
            {
                Arrow(svg, x + width, y + BarHeight / 2);
            }

            var free = (index + 1 < places.Count ? places.Skip(index + 1).Min(place => place.X) : axis.Right) - x - width;
            var span = SummaryPhrases.Span(row.Seconds);
            Label(
                svg,
                x,
                y,
                width,
                free,
                lane.Attempts > 1 ? $"#{SummaryPhrases.Count(attempt)} {span}" : span,
                null,
                mark: row.Status == UpgradeTaskStatus.Failed || row.EndedAt is null ? 14 : 0
            );
        }

        if (lane.ExpiresAt is { } mark)
        {
            Diamond(
                svg,
                Math.Min(axis.At(mark), axis.Right - 6),
                top + BarTop + BarHeight / 2,
                mark <= asOf,
                $"{lane.Name}: its result {lane.Expiry(asOf)}"
            );
        }
    }

    private static (double X, double Width) Place(TimeAxis axis, TimelineRow row, DateTimeOffset asOf)
    {
        var start = axis.At(row.StartedAt);
        // What has no end and is not under way has no known length.
        var end =
            row.EndedAt is { } ended ? axis.At(ended)
            : row.Seconds is not null ? axis.At(asOf)
            : start;
        var width = Math.Max(row.Kind == TimelineKind.Run ? SmallestBar : 0, end - start);
        return (Math.Min(start, axis.Right - width), width);
    }

    /// <summary>In the bar, else beside it, else only where it is shown wide enough for small letters; else the lane says it.</summary>
    private static void Label(SvgWriter svg, double x, double y, double width, double free, string text, string? soft, double mark = 0)
    {
        if (text == "–")
        {
            return;
        }

        var columns = TextWidth.Of(text);
        var middle = y + BarHeight / 2 + 4.5;
        var kind = soft is null ? "" : $" {soft}";
        if (columns * Column + 8 + mark <= width)
        {
            svg.Text(x + width / 2 + (width > 60 ? mark / 2 : 0), middle, text, $"label{kind}");
        }
        else if (columns * Column + 8 + mark <= free)
        {
            svg.Text(x + width + 4 + mark, middle, text, $"beside{kind}");
        }
        else if (columns * WideColumn + 8 + mark <= width)
        {
            svg.Text(x + width / 2 + (width > 60 ? mark / 2 : 0), middle, text, $"label wide{kind}");
        }
        else if (columns * WideColumn + 8 + mark <= free)
        {
            svg.Text(x + width + 4 + mark, middle, text, $"beside wide{kind}");
        }
    }

    private static void Cross(SvgWriter svg, double x, double y) =>
        svg.Element(
            "path",
            null,
            ("d", $"M{N(x - 4)} {N(y - 4)}L{N(x + 4)} {N(y + 4)}M{N(x - 4)} {N(y + 4)}L{N(x + 4)} {N(y - 4)}"),
            ("class", "cross")
        );

    private static void Arrow(SvgWriter svg, double x, double y) =>
        svg.Element("path", null, ("d", $"M{N(x)} {N(y - 9)}L{N(x + 9)} {N(y)}L{N(x)} {N(y + 9)}Z"), ("class", "arrow"));

    private static void Diamond(SvgWriter svg, double x, double y, bool over, string? name)
    {
        svg.Start(
            "path",
            ("d", $"M{N(x)} {N(y - 7)}L{N(x + 6)} {N(y)}L{N(x)} {N(y + 7)}L{N(x - 6)} {N(y)}Z"),
            ("class", over ? "over" : "due")
        );
        if (name is not null)
        {
            svg.Element("title", name);
        }

        svg.End();
    }

    private static void Legend(SvgWriter svg, IReadOnlyList<TimelineLane> lanes, double y)
    {
        foreach (var (kind, word, x, line) in LegendOf(lanes))
        {
            var at = y + LegendLine * line;
            if (kind == "due")
            {
                Diamond(svg, x + 8, at - 4.5, over: false, null);
                svg.Text(x + 20, at, word, "soft");
                continue;
            }

            svg.Rectangle(x, at - 11, 22, 13, kind is "wait" or "queue" or "blocked" ? kind : $"bar {kind}");
            if (kind == "failed")
            {
                Cross(svg, x + 11, at - 4.5);
            }
            else if (kind == "goes")
            {
                Arrow(svg, x + 19, at - 4.5);
            }

            svg.Text(x + 31, at, word, "soft");
        }
    }

    /// <summary>What the legend names and where: in as many lines as it needs.</summary>
    private static List<(string Kind, string Word, double X, int Line)> LegendOf(IReadOnlyList<TimelineLane> lanes)
    {
        var entries = new List<(string Kind, string Word, double X, int Line)>();
        var (x, line) = (Margin, 0);
        IEnumerable<string> kinds = lanes
            .SelectMany(lane => lane.Rows)
            .Select(Class)
            .Distinct()
            .OrderBy(kind => Array.IndexOf(Kinds, kind));
        foreach (var kind in lanes.Any(lane => lane.ExpiresAt is not null) ? kinds.Append("due") : kinds)
        {
            var word = kind switch
            {
                "done" => "succeeded",
                "goes" => "goes on",
                "failed" => "failed",
                "held" => "paused",
                "wait" => "waited",
                "queue" => "queued",
                "blocked" => "blocked",
                "due" => "result expires",
                _ => "other",
            };
            var width = (kind == "due" ? 20 : 31) + word.Length * Column;
            if (x > Margin && x + width > Width - Margin)
            {
                (x, line) = (Margin, line + 1);
            }

            entries.Add((kind, word, x, line));
            x += width + 18;
        }

        return entries;
    }

    private static readonly string[] Kinds = ["done", "goes", "failed", "held", "wait", "queue", "blocked", "other"];

    private static string Class(TimelineRow row) =>
        row.Kind switch
        {
            TimelineKind.Wait => "wait",
            TimelineKind.Queue => "queue",
            TimelineKind.Blocked => "blocked",
            _ => Class(row.Status),
        };

    /// <summary>The class by which styles know a task of this status.</summary>
    internal static string Class(UpgradeTaskStatus status) =>
        status == UpgradeTaskStatus.Success ? "done"
        : status == UpgradeTaskStatus.Failed ? "failed"
        : status == UpgradeTaskStatus.Pause ? "held"
        : status == UpgradeTaskStatus.Running || status == UpgradeTaskStatus.Queuing || status == UpgradeTaskStatus.Init ? "goes"
        : "other";

    private static string Times(TimelineRow row) =>
        $" {SummaryPhrases.Span(row.Seconds)}, from "
        + $"{TimelinePhrases.Moment(row.StartedAt)}{(row.EndedAt is { } ended ? $" to {TimelinePhrases.Moment(ended)}" : "")} UTC";

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture);

    private static string Description(UpgradeTimeline timeline, IReadOnlyList<TimelineLane> lanes)
    {
        var reported = new StringBuilder();
        if (TimelinePhrases.StandOf(timeline) is { } standing)
        {
            reported.Append(standing).Append(": ").Append(Plain(timeline.Headline ?? "", 600)).Append(' ');
        }

        reported.Append(TimelinePhrases.Span(timeline));
        foreach (var lane in lanes)
        {
            reported.Append(' ').Append(lane.Name).Append(": ").Append(lane.Description());
            if (timeline.To is { } to && lane.Expiry(to) is { } expiry)
            {
                reported.Append("; its result ").Append(expiry);
            }

            reported.Append('.');
        }

        return reported.ToString();
    }

    private static string Plain(string text, int most) => ForeignText.OneLine(text, most);

    private static string N(double value) => SvgWriter.Number(value);
}
