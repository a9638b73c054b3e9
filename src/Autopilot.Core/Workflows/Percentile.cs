namespace Autopilot.Core.Workflows;

/// <summary>Percentiles by nearest rank: always a value that occurred, never one between two.</summary>
internal static class Percentile
{
    /// <summary>The smallest value that at least <paramref name="percent"/> % of all values do not exceed.</summary>
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="percent">1 to 100.</param>
    public static double NearestRank(ReadOnlySpan<double> sorted, int percent) => sorted[((sorted.Length * percent) + 99) / 100 - 1];
}
