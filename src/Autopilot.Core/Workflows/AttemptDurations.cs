using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>How long runs of one kind of task took.</summary>
/// <param name="Count">Runs that were counted.</param>
/// <param name="P50Seconds">The median (P50).</param>
/// <param name="P80Seconds">The 80th percentile (P80): four attempts of five took no longer.</param>
/// <param name="P95Seconds">What nineteen runs of twenty did not exceed.</param>
public sealed record AttemptDurations(int Count, double P50Seconds, double P80Seconds, double P95Seconds)
{
    /// <summary>The median (P50) as a duration.</summary>
    [JsonIgnore]
    public TimeSpan P50 => TimeSpan.FromSeconds(P50Seconds);

    /// <summary>The 80th percentile (P80) as a duration.</summary>
    [JsonIgnore]
    public TimeSpan P80 => TimeSpan.FromSeconds(P80Seconds);

    /// <summary>The 95th percentile (P95) as a duration.</summary>
    [JsonIgnore]
    public TimeSpan P95 => TimeSpan.FromSeconds(P95Seconds);

    /// <summary>Of at least one run.</summary>
    public static AttemptDurations Of(List<double> seconds)
    {
        seconds.Sort();
        var sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(seconds);
        return new AttemptDurations(
            seconds.Count,
            Percentile.NearestRank(sorted, 50),
            Percentile.NearestRank(sorted, 80),
            Percentile.NearestRank(sorted, 95)
        );
    }
}
