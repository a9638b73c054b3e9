using System.Globalization;

namespace Autopilot.Formats.Timelines;

/// <summary>Maps times to places, and chooses the labelled times: round ones, in UTC, from minutes to years.</summary>
internal sealed class TimeAxis
{
    private static readonly long[] Steps =
    [
        .. new[] { 10, 30 }.Select(seconds => seconds * TimeSpan.TicksPerSecond),
        .. new[] { 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720 }.Select(minutes => minutes * TimeSpan.TicksPerMinute),
        .. new[] { 1, 2, 7, 14, 28, 91, 182, 364 }.Select(days => days * TimeSpan.TicksPerDay),
    ];

    private readonly long _from;
    private readonly long _span;
    private readonly double _left;
    private readonly double _width;

    /// <param name="from">Time at the left.</param>
    /// <param name="to">Time that must be in it; a little room is left after it.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="width">How long it is.</param>
    public TimeAxis(DateTimeOffset from, DateTimeOffset to, double left, double width)
    {
        (_from, _left, _width) = (from.UtcTicks, left, width);
        var length = Math.Max(to.UtcTicks - _from, TimeSpan.TicksPerMinute);
        _span = length + length / 40;
    }

    public double Right => _left + _width;

    /// <summary>The place of a time; of one outside, the nearest end.</summary>
    public double At(DateTimeOffset moment) => _left + _width * Math.Clamp((moment.UtcTicks - _from) / (double)_span, 0, 1);

    /// <summary>The labelled times, at most <paramref name="most"/>.</summary>
    public IEnumerable<TimeTick> Ticks(int most)
    {
        var step = Steps[^1];
        foreach (var candidate in Steps)
        {
            if (_span / candidate < most)
            {
                step = candidate;
                break;
            }
        }

        while (_span / step >= most)
        {
            step *= 2;
        }

        var end = Math.Min(_from + _span, DateTime.MaxValue.Ticks);
        DateTime? last = null;
        for (var ticks = (_from + step - 1) / step * step; ticks <= end; ticks += step)
        {
            var moment = new DateTime(ticks, DateTimeKind.Utc);
            var date =
                last?.Date == moment.Date
                    ? null
                    : moment.ToString(
                        last is null || last.Value.Year != moment.Year ? "d MMM yyyy" : "d MMM",
                        CultureInfo.InvariantCulture
                    );
            var time =
                step >= TimeSpan.TicksPerDay
                    ? null
                    : moment.ToString(step < TimeSpan.TicksPerMinute ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
            yield return new(At(new DateTimeOffset(moment)), date, time);
            last = moment;
        }
    }
}
