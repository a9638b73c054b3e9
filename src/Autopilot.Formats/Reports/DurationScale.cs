using System.Globalization;

namespace Autopilot.Formats.Reports;

/// <summary>
/// An axis of durations with at most five steps that people count in: seconds, minutes, hours or days, the same along the axis.
/// </summary>
internal sealed class DurationScale
{
    private const int MaxSteps = 5;

    private static readonly double[] Steps =
    [
        0.1,
        0.2,
        0.5,
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        300,
        600,
        900,
        1800,
        3600,
        7200,
        10800,
        21600,
        43200,
        86400,
        2 * 86400,
        5 * 86400,
        10 * 86400,
    ];

    /// <param name="largest">The longest that must fit, in seconds.</param>
    /// <param name="maxSteps">Steps at most, at least 2.</param>
    public DurationScale(double largest, int maxSteps = MaxSteps)
    {
        Step = Steps.FirstOrDefault(step => largest <= step * maxSteps);
        for (var days = 20d * 86400; Step == 0; days *= 2)
        {
            Step = largest <= days * maxSteps ? days : 0;
        }

        Count = Math.Max(1, (int)Math.Ceiling(largest / Step - 1e-9));
        (Unit, UnitSeconds) = Step switch
        {
            < 60 => ("s", 1),
            < 3600 => ("min", 60),
            < 86400 => ("h", 3600),
            _ => ("d", 86400d),
        };
    }

    /// <summary>Between two ticks, in seconds.</summary>
    public double Step { get; }

    /// <summary>Steps up to the end of the axis.</summary>
    public int Count { get; }

    /// <summary>The end of the axis, in seconds.</summary>
    public double End => Step * Count;

    private string Unit { get; }

    private double UnitSeconds { get; }

    /// <summary>Where a value lies on an axis of a length.</summary>
    public double Place(double seconds, double length) => Math.Clamp(seconds / End, 0, 1) * length;

    /// <summary>What stands at a tick.</summary>
    public string Label(int tick) =>
        tick == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{Step * tick / UnitSeconds:0.#} {Unit}");
}
