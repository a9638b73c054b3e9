using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Formats.Writing;

namespace Autopilot.Formats.Reports;

/// <summary>
/// The groups of a report side by side. Months and weeks without upgrades have their place too, so that a gap is seen as one. Where there
/// are more than can be distinguished, only some are named.
/// </summary>
internal sealed class GroupAxis
{
    /// <summary>The weeks of five years.</summary>
    private const int MaxTimes = 270;

    private const int MaxOthers = 60;

    /// <summary>Most groups that the description lists one by one.</summary>
    private const int MaxDescribed = 62;

    private const int LongestLabel = 20;
    private const double Left = 80;

    // Labels that do not fit side by side stand at 40 degrees.
    private const double Cosine = 0.766,
        Sine = 0.643;

    private readonly bool _slanted;
    private readonly int _every;

    private GroupAxis(UpgradeReport report, IReadOnlyList<GroupSlot> slots, bool isTime)
    {
        Slots = slots;
        IsTime = isTime;
        What = ReportPhrases.Grouped(report).ToLowerInvariant();
        By = ReportPhrases.ByGroup(report);
        Right = ChartPanel.Width - (isTime ? 96 : ChartPanel.Margin);
        SlotWidth = (Right - Left) / slots.Count;

        var shown = slots.Count(slot => slot.Group is not null);
        List<string?> notes = [report.GroupBy == "none" ? null : ReportPhrases.LeftOut(report, shown), isTime ? Partial(report) : null];
        Note = string.Join(' ', notes.OfType<string>()) is { Length: > 0 } note ? note : null;

        var longest = slots.Max(slot => ChartPanel.WidthOf(Label(slot)));
        _slanted = !isTime && longest + 8 > SlotWidth;
        _every =
            isTime ? EveryOf(slots, SlotWidth)
            : _slanted ? (int)Math.Ceiling(20 / SlotWidth)
            : 1;
        LabelHeight =
            isTime ? 44
            : _slanted ? longest * Sine + 30
            : 24;
    }

    public IReadOnlyList<GroupSlot> Slots { get; }

    /// <summary>Whether neighbours follow one another, so that a line from one to the next says something.</summary>
    public bool IsTime { get; }

    /// <summary>"month" and so on.</summary>
    public string What { get; }

    /// <summary>", by month" and so on.</summary>
    public string By { get; }

    public double Right { get; }
    public double SlotWidth { get; }

    /// <summary>Of the labels below the plot.</summary>
    public double LabelHeight { get; }

    /// <summary>What the picture does not show, or only in part.</summary>
    public string? Note { get; }

    /// <summary>The middle of a group's place.</summary>
    public double Center(int slot) => Left + (slot + 0.5) * SlotWidth;

    /// <summary>The groups of a report that has any.</summary>
    public static GroupAxis Of(UpgradeReport report)
    {
        if (ReportPhrases.IsTime(report))
        {
            var groups = report.Groups.ToDictionary(group => group.Key, StringComparer.Ordinal);
            var times = Times(report, groups);
            // Keys of another form would be lost.
            if (times.Count(slot => slot.Group is not null) == groups.Keys.Count(key => string.CompareOrdinal(key, times[0].Key) >= 0))
            {
                return new(report, times, isTime: true);
            }
        }

        return new(
            report,
            [
                .. ReportPhrases
                    .Shown(report, MaxOthers)
                    .Select(group => new GroupSlot(
                        group.Key,
                        string.IsNullOrWhiteSpace(group.ClusterName) ? group.Key : group.ClusterName,
                        null,
                        group
                    )),
            ],
            isTime: false
        );
    }

    /// <summary>The text of each group, how many are left out, and what the picture leaves out.</summary>
    public string Description(Func<UpgradeStatistics, string?> words)
    {
        var reported = Slots
            .Skip(IsTime ? Math.Max(0, Slots.Count - MaxDescribed) : 0)
            .Take(MaxDescribed)
            .Select(slot => $"{Name(slot)} {(slot.Group is null ? "no upgrades" : words(slot.Group) ?? "unknown")}");
        var more =
            Slots.Count > MaxDescribed
                ? $" {ReportPhrases.Number(Slots.Count - MaxDescribed)} {(IsTime ? "earlier" : "more")} are not described here."
                : "";
        return $"{string.Join("; ", reported)}.{more}{(Note is null ? "" : $" {Note}")}";
    }

    /// <summary>The base line and the names below it.</summary>
    public void Draw(SvgWriter svg, double bottom)
    {
        svg.Line(Left, bottom, Right, bottom, "axis");
        string? reported = null;
        for (var i = 0; i < Slots.Count; i++)
        {
            if (!IsNamed(i))
            {
                continue;
            }

            var (slot, x) = (Slots[i], Center(i));
            if (_slanted)
            {
                var room = (int)((x - 8) / (1.1 * ChartPanel.LetterWidth * Cosine));
                var (px, py) = (SvgWriter.Number(x + 4), SvgWriter.Number(bottom + 16));
                svg.Element(
                    "text",
                    ChartPanel.Cut(slot.Label, Math.Clamp(room, 4, LongestLabel)),
                    ("x", px),
                    ("y", py),
                    ("class", "quiet"),
                    ("text-anchor", "end"),
                    ("transform", $"rotate(-40 {px} {py})")
                );
                continue;
            }

            svg.Text(x, bottom + 19, Label(slot), "quiet", "middle");
            if (slot.Year is not null && slot.Year != reported)
            {
                svg.Text(x, bottom + 38, slot.Year, "quiet", "middle");
                reported = slot.Year;
            }
        }
    }

    /// <summary>Drawn over everything else: the tooltip of each group.</summary>
    public void DrawHits(SvgWriter svg, double top, double bottom, Func<UpgradeStatistics, string?> words)
    {
        for (var i = 0; i < Slots.Count; i++)
        {
            svg.Rectangle(
                Center(i) - SlotWidth / 2,
                top,
                SlotWidth,
                bottom - top,
                "hit",
                $"{Name(Slots[i])}: {(Slots[i].Group is { } group ? words(group) ?? "unknown" : "no upgrades")}"
            );
        }
    }

    private bool IsNamed(int slot) =>
        IsTime ? _every == 1 || (Slots[slot].Ordinal % _every == 0 && Slots[slot].Ordinal < 52) : slot % _every == 0;

    /// <summary>
    /// Of months quarters, halves and years, and of weeks about the same, so that what is named begins with the first of a year.
    /// </summary>
    private static int EveryOf(IReadOnlyList<GroupSlot> slots, double width)
    {
        int[] steps = slots[0].Key.Contains('W', StringComparison.Ordinal) ? [1, 2, 4, 13, 26, 52] : [1, 2, 3, 6, 12];
        return steps.FirstOrDefault(step => step * width >= 37, steps[^1]);
    }

    /// <summary>The whole name: of a cluster with its id, since names may be alike.</summary>
    private static string Name(GroupSlot slot) => slot.Group is { } group ? ReportPhrases.Name(group) : ReportPhrases.Name(slot.Key);

    private static string Label(GroupSlot slot) => ChartPanel.Cut(slot.Label, LongestLabel);

    private static List<GroupSlot> Times(UpgradeReport report, Dictionary<string, ReportGroup> groups)
    {
        var months = report.GroupBy == "month";
        var from = report.From.UtcDateTime;
        var last = report.To.UtcDateTime.AddTicks(-1).Date;
        var start = months ? last.AddDays(1 - last.Day) : last.AddDays(-(((int)last.DayOfWeek + 6) % 7));
        var slots = new List<GroupSlot>();
        for (; ; start = months ? start.AddMonths(-1) : start.AddDays(-7))
        {
            slots.Add(months ? Month(start, groups) : Week(start, groups));
            if (start <= from || slots.Count == MaxTimes)
            {
                break;
            }
        }

        slots.Reverse();
        return slots;
    }

    private static GroupSlot Month(DateTime start, Dictionary<string, ReportGroup> groups)
    {
        var key = start.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return new(key, start.ToString("MMM", CultureInfo.InvariantCulture), key[..4], groups.GetValueOrDefault(key))
        {
            Ordinal = start.Month - 1,
        };
    }

    private static GroupSlot Week(DateTime start, Dictionary<string, ReportGroup> groups)
    {
        var (year, week) = (ISOWeek.GetYear(start), ISOWeek.GetWeekOfYear(start));
        var key = string.Create(CultureInfo.InvariantCulture, $"{year:D4}-W{week:D2}");
        return new(key, key[5..], key[..4], groups.GetValueOrDefault(key)) { Ordinal = week - 1 };
    }

    /// <summary>That the first or the last one is not whole.</summary>
    private static string? Partial(UpgradeReport report)
    {
        var months = report.GroupBy == "month";
        var (first, last) = (IsStart(report.From.UtcDateTime, months), IsStart(report.To.UtcDateTime, months));
        var what = months ? "month" : "week";
        return (first, last) switch
        {
            (true, true) => null,
            (false, false) => $"The first and the last {what} are covered in part.",
            (false, _) => $"The first {what} is covered in part.",
            _ => $"The last {what} is covered in part.",
        };
    }

    private static bool IsStart(DateTime instant, bool months) =>
        instant.TimeOfDay == default && (months ? instant.Day == 1 : instant.DayOfWeek == DayOfWeek.Monday);
}
