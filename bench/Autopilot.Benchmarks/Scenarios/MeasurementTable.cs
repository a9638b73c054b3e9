using System.Text;

namespace Autopilot.Benchmarks.Scenarios;

/// <summary>The figures as rows of a Markdown table; each is also printed as soon as it is measured.</summary>
internal sealed class MeasurementTable
{
    private readonly List<Measurement> _figures = [];

    /// <summary>Whether every target is met.</summary>
    public bool AllMet => _figures.TrueForAll(figure => figure.Met);

    public void Add(Measurement figure)
    {
        _figures.Add(figure);
        Console.WriteLine(figure.ToMarkdown());
    }

    /// <summary>A figure that is the ratio of two medians, at most the target.</summary>
    public void AddRatio(string name, Samples ours, string label, Samples theirs, string unit, double target, string limit)
    {
        var ratio = ours.Median / theirs.Median;
        Add(
            new Measurement(
                name,
                $"{ours.ToString("0")} {unit}",
                $"{label} {theirs.ToString("0")} {unit}",
                FormattableString.Invariant($"{ratio:0.00}"),
                FormattableString.Invariant($"≤ {target:0.00}"),
                ratio <= target,
                limit
            )
        );
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder(
            "| figure | measured | yardstick | ratio | target | | what limits it |\n|---|---|---|---|---|---|---|"
        );
        foreach (var figure in _figures)
        {
            text.Append('\n').Append(figure.ToMarkdown());
        }

        return text.ToString();
    }
}

/// <param name="Limit">What took the time, and how busy whose processor was.</param>
internal sealed record Measurement(string Name, string Measured, string Yardstick, string Ratio, string Target, bool Met, string Limit)
{
    public string ToMarkdown() => $"| {Name} | {Measured} | {Yardstick} | {Ratio} | {Target} | {(Met ? "met" : "**missed**")} | {Limit} |";
}
