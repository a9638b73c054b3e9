using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>Percentiles by nearest rank: each is a value that occurred.</summary>
/// <param name="P50">The median, in seconds: half took no longer.</param>
/// <param name="P80">The 80th percentile, in seconds: four of five took no longer.</param>
/// <param name="P95">The 95th percentile, in seconds: 19 of 20 took no longer.</param>
/// <param name="Max">The longest, in seconds.</param>
public sealed record Percentiles(double P50, double P80, double P95, double Max)
{
    /// <summary>Null of nothing. Sorts what it is given.</summary>
    internal static Percentiles? Of(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        values.Sort();
        var sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values);
        return new(Percentile.NearestRank(sorted, 50), Percentile.NearestRank(sorted, 80), Percentile.NearestRank(sorted, 95), sorted[^1]);
    }
}
