namespace Autopilot.Core.Workflows;

/// <summary>Expected time of the remaining work.</summary>
/// <param name="RemainingSeconds">By the medians (P50), in seconds; 0 once all of it is overdue.</param>
/// <param name="RemainingP80Seconds">By the 80th percentiles (P80), in seconds.</param>
/// <param name="CompletesAt">Observation plus <paramref name="RemainingSeconds"/>; null once the running task is overdue.</param>
/// <param name="Basis"><c>History</c>; <c>Default</c> as soon as one of the tasks has too little of it.</param>
/// <param name="SampleSize">The smallest sample used; 0 for defaults.</param>
public sealed record UpgradeEstimate(
    double RemainingSeconds,
    double RemainingP80Seconds,
    DateTimeOffset? CompletesAt,
    string Basis,
    int SampleSize
)
{
    /// <summary>
    /// Since when, in seconds up to the observation, the running task has taken longer than the 80th percentile (P80); null while it has
    /// not.
    /// </summary>
    public double? OverdueSeconds { get; init; }

    internal const string ByHistory = "History",
        ByDefault = "Default";
}
