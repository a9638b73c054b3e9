using System.Globalization;

namespace Autopilot.Benchmarks;

/// <summary>One figure, measured several times.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    /// <summary>The middle one; of an even number the mean of the two in the middle.</summary>
    public double Median
    {
        get
        {
            var sorted = _values.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    public double Min => _values.Min();

    public double Max => _values.Max();

    public int Count => _values.Count;

    public void Add(double value) => _values.Add(value);

    public static Samples Of(IEnumerable<double> values)
    {
        var samples = new Samples();
        samples._values.AddRange(values);
        return samples;
    }

    /// <summary>The median and, in brackets, the least and the most.</summary>
    /// <param name="format">A numeric format, such as <c>0.0</c>.</param>
    public string ToString(string format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Median.ToString(format, CultureInfo.InvariantCulture)} "
                + $"({Min.ToString(format, CultureInfo.InvariantCulture)}–{Max.ToString(format, CultureInfo.InvariantCulture)})"
        );
}
