using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>
/// How long each kind of task ran, and how long it was waited for. Each has a scale of its own, as people wait far longer than machines
/// run.
/// </summary>
internal sealed class TasksPanel : ChartPanel
{
    private const int MaxTasks = 10;
    private const double BarsLeft = 190,
        BarsRight = Width - Margin - 180,
        RunRow = 46,
        WaitRow = 32,
        SectionHead = 30,
        AxisHeight = 36;

    private readonly IReadOnlyList<TaskStatistics> _tasks,
        _waits;
    private readonly int _leftOut;
    private readonly LegendEntry[] _legend = [new("median (P50)", "run-half"), new("P80: four of five took no longer", "run-most")];

    public TasksPanel(UpgradeStatistics total)
    {
        _tasks = [.. total.Tasks.Take(MaxTasks)];
        _waits = [.. _tasks.Where(task => task.WaitSeconds is not null)];
        _leftOut = total.Tasks.Count - _tasks.Count;
    }

    public override string Title => "Tasks, over the whole period";

    public override string Description
    {
        get
        {
            var reported = _tasks.Select(task =>
                string.Join(
                    ", ",
                    (
                        (string?[])
                            [
                                $"{ReportPhrases.Name(task.Type.Value)} {Ran(task)}",
                                task.RunSeconds is { } run ? ReportPhrases.RunTimes(run) : null,
                                task.WaitSeconds is { } wait ? ReportPhrases.WaitTimes(wait) : null,
                            ]
                    ).OfType<string>()
                )
            );
            return _tasks.Count == 0 ? "No task is known." : $"{string.Join("; ", reported)}.{(Note is { } note ? $" {note}" : "")}";
        }
    }

    public override double Height =>
        _tasks.Count == 0
            ? 70
            : HeadHeight(_legend)
                + SectionHead
                + _tasks.Count * RunRow
                + AxisHeight
                + (_waits.Count == 0 ? 0 : SectionHead + _waits.Count * WaitRow + AxisHeight)
                + (_leftOut > 0 ? 26 : 4);

    private string? Note =>
        _leftOut > 0 ? $"{ReportPhrases.Number(_leftOut)} more kinds of tasks are left out; format=json has all." : null;

    public override void Draw(SvgWriter svg, double top)
    {
        if (_tasks.Count == 0)
        {
            svg.Text(Margin, top + 22, Title, "head");
            svg.Text(Margin, top + 48, Description, "quiet");
            return;
        }

        var y = DrawHead(svg, top, _legend);
        y = DrawSection(svg, y, "Ran", _tasks, RunRow, task => task.RunSeconds, "run");
        if (_waits.Count > 0)
        {
            y = DrawSection(svg, y, "Waited, from when it could have started", _waits, WaitRow, task => task.WaitSeconds, "wait");
        }

        if (Note is { } note)
        {
            svg.Text(Margin, y + 8, note, "quiet");
        }
    }

    private static double DrawSection(
        SvgWriter svg,
        double top,
        string host,
        IReadOnlyList<TaskStatistics> tasks,
        double row,
        Func<TaskStatistics, Percentiles?> timesOf,
        string @class
    )
    {
        var plot = top + SectionHead;
        var bottom = plot + tasks.Count * row;
        var scale = new DurationScale(tasks.Max(task => timesOf(task)?.P80 ?? 0), maxSteps: 4);
        svg.Text(Margin, top + 14, host, "head");
        svg.Element(
            "rect",
            null,
            ("x", SvgWriter.Number(BarsLeft)),
            ("y", SvgWriter.Number(plot)),
            ("width", SvgWriter.Number(BarsRight - BarsLeft)),
            ("height", SvgWriter.Number(bottom - plot)),
            ("class", "plot")
        );
        for (var tick = 0; tick <= scale.Count; tick++)
        {
            var x = BarsLeft + (BarsRight - BarsLeft) * tick / scale.Count;
            svg.Line(x, plot, x, bottom, tick == 0 ? "axis" : "grid");
            svg.Text(x, bottom + 18, scale.Label(tick), "quiet", "middle");
        }

        foreach (var (i, task) in tasks.Index())
        {
            DrawRow(svg, task, timesOf(task), plot + i * row, row, scale, @class);
        }

        return bottom + AxisHeight;
    }

    private static void DrawRow(
        SvgWriter svg,
        TaskStatistics task,
        Percentiles? times,
        double top,
        double row,
        DurationScale scale,
        string @class
    )
    {
        const double BarHeight = 18;
        var middle = top + row / 2;
        var runs = @class == "run";
        svg.Text(Margin, runs ? middle - 3 : middle + 5, Cut(task.Type.Value, 17), "text");
        if (runs)
        {
            svg.Text(Margin, middle + 16, Ran(task), "quiet");
        }

        if (times is null)
        {
            svg.Text(BarsLeft + 8, middle + 5, "unknown", "quiet over");
            return;
        }

        var half = scale.Place(times.P50, BarsRight - BarsLeft);
        var most = scale.Place(times.P80, BarsRight - BarsLeft);
        var name = $"{ReportPhrases.Name(task.Type.Value)}: {(runs ? ReportPhrases.RunTimes(times) : ReportPhrases.WaitTimes(times))}";
        svg.Rectangle(BarsLeft, middle - BarHeight / 2, half, BarHeight, $"bar {@class}-half", name);
        if (most > half)
        {
            svg.Rectangle(BarsLeft + half, middle - BarHeight / 2, most - half, BarHeight, $"bar {@class}-most", name);
        }

        svg.Text(BarsLeft + most + 8, middle + 5, Range(times), "over");
    }

    private static string Range(Percentiles times)
    {
        var (half, most) = (Short(times.P50), Short(times.P80));
        return half == most ? half : $"{half} – {most}";
    }

    private static string Ran(TaskStatistics task) =>
        task.Failures == 0
            ? $"{ReportPhrases.Number(task.Runs)} run{(task.Runs == 1 ? "" : "s")}"
            : $"{ReportPhrases.Number(task.Failures)} of {ReportPhrases.Number(task.Runs)} runs failed";
}
