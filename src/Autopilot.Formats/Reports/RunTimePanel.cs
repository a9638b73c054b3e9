using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>
/// How long upgrades ran, group by group: for groups of time a band from the median (P50) to P80, for other groups a bar each.
/// </summary>
internal sealed class RunTimePanel : ChartPanel
{
    private const double PlotHeight = 190;

    private readonly GroupAxis _groups;
    private readonly DurationScale _scale;
    private readonly LegendEntry[] _legend;

    public RunTimePanel(GroupAxis groups)
    {
        _groups = groups;
        _scale = new(groups.Slots.Max(slot => slot.Group?.RunSeconds?.P80 ?? 0));
        _legend =
        [
            new(
                "median (P50)",
                Mark: (svg, x, y) =>
                {
                    svg.Line(x, y, x + 28, y, "half-line");
                    HalfMark(svg, x + 14, y, 4);
                }
            ),
            new(
                "P80: four of five ran no longer",
                Mark: (svg, x, y) =>
                {
                    svg.Line(x, y, x + 28, y, "most-line");
                    MostMark(svg, x + 14, y, 4);
                }
            ),
        ];
    }

    public override string Title => $"Run time{_groups.By}";

    public override string Description => _groups.Description(Words);

    public override double Height => HeadHeight(_legend) + PlotHeight + _groups.LabelHeight + (_groups.Note is null ? 8 : 30);

    public override void Draw(SvgWriter svg, double top)
    {
        var plot = DrawHead(svg, top, _legend);
        var bottom = plot + PlotHeight;
        svg.Element(
            "rect",
            null,
            ("x", SvgWriter.Number(PlotLeft)),
            ("y", SvgWriter.Number(plot)),
            ("width", SvgWriter.Number(_groups.Right - PlotLeft)),
            ("height", SvgWriter.Number(PlotHeight)),
            ("class", "plot")
        );
        for (var tick = 0; tick <= _scale.Count; tick++)
        {
            var y = bottom - PlotHeight * tick / _scale.Count;
            svg.Text(PlotLeft - 8, y + 5, _scale.Label(tick), "quiet", "end");
            if (tick > 0)
            {
                svg.Line(PlotLeft, y, _groups.Right, y, "grid");
            }
        }

        _groups.Draw(svg, bottom);
        if (_groups.Note is { } note)
        {
            svg.Text(Margin, bottom + _groups.LabelHeight + 14, note, "quiet");
        }

        foreach (var (start, length) in Stretches())
        {
            DrawStretch(svg, bottom, start, length);
        }

        DrawLast(svg, plot, bottom);
        _groups.DrawHits(svg, plot, bottom, Words);
    }

    /// <summary>Neighbours that all have the figure. What is not in time has no neighbours.</summary>
    private IEnumerable<(int Start, int Length)> Stretches()
    {
        for (var i = 0; i < _groups.Slots.Count; i++)
        {
            if (TimesOf(i) is null)
            {
                continue;
            }

            var start = i;
            while (_groups.IsTime && i + 1 < _groups.Slots.Count && TimesOf(i + 1) is not null)
            {
                i++;
            }

            yield return (start, i - start + 1);
        }
    }

    private void DrawStretch(SvgWriter svg, double bottom, int start, int length)
    {
        var slots = Enumerable
            .Range(start, length)
            .Select(i => (X: _groups.Center(i), Half: Y(bottom, TimesOf(i)!.P50), Most: Y(bottom, TimesOf(i)!.P80)))
            .ToList();
        if (length == 1)
        {
            var width = Math.Min(28, _groups.SlotWidth * 0.6);
            svg.Rectangle(slots[0].X - width / 2, slots[0].Most, width, slots[0].Half - slots[0].Most, "band");
        }
        else
        {
            var upper = Path(slots.Select(slot => (slot.X, slot.Most)));
            var lowerBackwards = Path(slots.AsEnumerable().Reverse().Select(slot => (slot.X, slot.Half)))[1..];
            svg.Element("path", null, ("d", $"{upper}L{lowerBackwards}Z"), ("class", "band"));
            svg.Element("path", null, ("d", upper), ("class", "most-line"));
            svg.Element("path", null, ("d", Path(slots.Select(slot => (slot.X, slot.Half)))), ("class", "half-line"));
        }

        // Where marks would overlap, the lines alone are drawn.
        if (length == 1 || _groups.SlotWidth >= 10)
        {
            var size = Math.Clamp(_groups.SlotWidth / 3, 2, 4);
            foreach (var (x, half, most) in slots)
            {
                MostMark(svg, x, most, size);
                HalfMark(svg, x, half, size);
            }
        }
    }

    /// <summary>
    /// The latest figures in numbers, beside their marks; of groups that are not in time all of them where there is room.
    /// </summary>
    private void DrawLast(SvgWriter svg, double top, double bottom)
    {
        var last = Enumerable.Range(0, _groups.Slots.Count).LastOrDefault(i => TimesOf(i) is not null, -1);
        for (var i = _groups.IsTime ? last : 0; i >= 0 && i <= last; i++)
        {
            if (TimesOf(i) is { } times && (_groups.IsTime || _groups.SlotWidth >= 2 * (10 * LetterWidth + 14)))
            {
                var (most, half) = Apart(Y(bottom, times.P80), Y(bottom, times.P50), top, bottom);
                var x = _groups.Center(i) + (_groups.IsTime ? 10 : 22);
                svg.Text(x, most + 5, Short(times.P80), "over");
                if (Short(times.P50) != Short(times.P80))
                {
                    svg.Text(x, half + 5, Short(times.P50), "over");
                }
            }
        }
    }

    private static (double Upper, double Lower) Apart(double upper, double lower, double top, double bottom)
    {
        const double Least = 17;
        if (lower - upper >= Least)
        {
            return (upper, lower);
        }

        var middle = Math.Clamp((upper + lower) / 2, top + Least / 2, bottom - Least / 2);
        return (middle - Least / 2, middle + Least / 2);
    }

    private static void HalfMark(SvgWriter svg, double x, double y, double size) =>
        svg.Element(
            "circle",
            null,
            ("cx", SvgWriter.Number(x)),
            ("cy", SvgWriter.Number(y)),
            ("r", SvgWriter.Number(size)),
            ("class", "half-mark")
        );

    private static void MostMark(SvgWriter svg, double x, double y, double size) =>
        svg.Rectangle(x - size, y - size, 2 * size, 2 * size, "most-mark");

    private static string Path(IEnumerable<(double X, double Y)> points) =>
        $"M{string.Join('L', points.Select(point => $"{SvgWriter.Number(point.X)} {SvgWriter.Number(point.Y)}"))}";

    private Percentiles? TimesOf(int slot) => _groups.Slots[slot].Group?.RunSeconds;

    private double Y(double bottom, double seconds) => bottom - _scale.Place(seconds, PlotHeight);

    private static string? Words(UpgradeStatistics statistics) => statistics.RunSeconds is { } times ? ReportPhrases.RunTimes(times) : null;
}
