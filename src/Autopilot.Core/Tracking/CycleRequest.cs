namespace Autopilot.Core.Tracking;

/// <param name="DueOnly">False polls every active workflow now, due or not.</param>
/// <param name="Budget">Longest duration; null for <c>Polling:CycleBudget</c>.</param>
public sealed record CycleRequest(bool DueOnly, TimeSpan? Budget = null)
{
    /// <summary>
    /// Ids of the only clusters to poll, in the form in which ids are compared; null for all. Such a request is no cycle: it counts neither
    /// for readiness nor for the metrics of cycles.
    /// </summary>
    public IReadOnlySet<string>? Clusters { get; init; }
}
