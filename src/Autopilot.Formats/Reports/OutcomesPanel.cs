using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>How upgrades ended, group by group: stacked bars, the good ones below, always in the same order.</summary>
internal sealed class OutcomesPanel : ChartPanel
{
    private const double PlotHeight = 190,
        DigitWidth = 9.6;

    private readonly GroupAxis _groups;
    private readonly LegendEntry[] _legend;
    private readonly Func<UpgradeStatistics, string>? _number;
    private readonly int _step,
        _steps;

    public OutcomesPanel(GroupAxis groups, UpgradeStatistics total)
    {
        _groups = groups;
        var most = Math.Max(1, groups.Slots.Max(slot => slot.Group?.Runs ?? 0));
        for (var (step, next) = (1, 0); ; step = next % 3 == 1 ? step / 2 * 5 : step * 2, next++)
        {
            if (most <= step * 5L || step >= 500_000_000)
            {
                (_step, _steps) = (step, (int)((most + (long)step - 1) / step));
                break;
            }
        }

        _number =
            Fits(OfAll) ? OfAll
            : Fits(All) ? All
            : null;
        _legend =
        [
            .. Parts(total)
                .Where(part => part.Count > 0)
                .Select(part => new LegendEntry($"{part.Name}: {ReportPhrases.Number(part.Count)}", part.Class)),
            .. _number is null
                ? Array.Empty<LegendEntry>()
                : [new LegendEntry(_number == OfAll ? "above: succeeded/all" : "above: all upgrades")],
        ];

        bool Fits(Func<UpgradeStatistics, string> number) =>
            groups.Slots.All(slot => slot.Group is null || number(slot.Group).Length * DigitWidth <= groups.SlotWidth);
    }

    public override string Title => $"Outcomes{_groups.By}";

    public override string Description => _groups.Description(Words);

    public override double Height => HeadHeight(_legend) + 12 + PlotHeight + _groups.LabelHeight + (_groups.Note is null ? 8 : 30);

    public override void Draw(SvgWriter svg, double top)
    {
        // The number of the highest bar stands above the plot.
        var plot = DrawHead(svg, top, _legend) + 12;
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
        for (var tick = 0; tick <= _steps; tick++)
        {
            var y = bottom - PlotHeight * tick / _steps;
            svg.Text(PlotLeft - 8, y + 5, ReportPhrases.Number(tick * _step), "quiet", "end");
            if (tick > 0)
            {
                svg.Line(PlotLeft, y, _groups.Right, y, "grid");
            }
        }

        var width = Math.Min(56, _groups.SlotWidth * (_groups.SlotWidth > 6 ? 0.62 : 0.9));
        for (var i = 0; i < _groups.Slots.Count; i++)
        {
            if (_groups.Slots[i].Group is { } group)
            {
                DrawBar(svg, group, _groups.Center(i) - width / 2, width, bottom);
            }
        }

        _groups.Draw(svg, bottom);
        if (_groups.Note is { } note)
        {
            svg.Text(Margin, bottom + _groups.LabelHeight + 14, note, "quiet");
        }

        _groups.DrawHits(svg, plot, bottom, Words);
    }

    private void DrawBar(SvgWriter svg, UpgradeStatistics group, double x, double width, double bottom)
    {
        var counted = 0;
        foreach (var part in Parts(group))
        {
            if (part.Count > 0)
            {
                var (from, to) = (Y(counted), Y(counted + part.Count));
                // A little lower than it is, so that a border separates two of one colour.
                var gap = from - to > 4 ? 1.5 : 0;
                svg.Rectangle(x, to + gap, width, from - to - gap, $"bar {part.Class}");
                counted += part.Count;
            }
        }

        if (_number is not null)
        {
            svg.Text(x + width / 2, Y(counted) - 6, _number(group), "over", "middle");
        }

        double Y(int count) => bottom - PlotHeight * Math.Min(1, count / ((double)_step * _steps));
    }

    private static string All(UpgradeStatistics group) => ReportPhrases.Number(group.Runs);

    private static string OfAll(UpgradeStatistics group) =>
        group.Succeeded == group.Runs
            ? ReportPhrases.Number(group.Runs)
            : $"{ReportPhrases.Number(group.Succeeded)}/{ReportPhrases.Number(group.Runs)}";

    private static (string Name, string Class, int Count)[] Parts(UpgradeStatistics statistics)
    {
        var (first, watched) = (statistics.FirstTimeSuccesses, statistics.WatchedSucceeded);
        return
        [
            ("Succeeded at the first try", "first", first),
            ("Succeeded after failures", "later", watched - first),
            ("Succeeded, not watched", "unwatched", statistics.Succeeded - watched),
            ("Cancelled", "cancelled", statistics.Cancelled),
            ("Rolled back", "back", statistics.RolledBack),
            ("Gone", "gone", statistics.Gone),
            ("Unclear", "unclear", statistics.Unclear),
        ];
    }

    private static string Words(UpgradeStatistics statistics)
    {
        var rest = ReportPhrases.Counted(
            (statistics.Cancelled, "cancelled"),
            (statistics.RolledBack, "rolled back"),
            (statistics.Gone, "gone"),
            (statistics.Unclear, "unclear")
        );
        var watched = statistics.WatchedRuns < statistics.Runs ? $" of {ReportPhrases.Number(statistics.WatchedRuns)} watched" : "";
        return $"{ReportPhrases.Number(statistics.Succeeded)} of {ReportPhrases.Number(statistics.Runs)} succeeded, "
            + $"{ReportPhrases.Number(statistics.FirstTimeSuccesses)}{watched} at the first try{(rest.Length > 0 ? $", {rest}" : "")}";
    }
}
