using Autopilot.Core.Tracking;

namespace Autopilot.Api.Polling;

/// <summary>The result of a cycle on the wire: the contract's eight figures, then what explains them.</summary>
internal sealed record CycleAnswer(
    int Polled,
    int Changed,
    int Unchanged,
    int Failed,
    int Skipped,
    int Discovered,
    bool Complete,
    double DurationSeconds,
    int Recorded,
    int Clusters,
    int ClustersFailed,
    int ClustersThrottled,
    int Finished,
    int Throttled,
    int Conflicts,
    int Ambiguous,
    int? LeasedShards,
    ThrottleAnswer? Throttle,
    IReadOnlyList<string>? Errors)
{
    public static CycleAnswer Of(CycleResult result) => new(
        result.Polled,
        result.Changed,
        result.Unchanged,
        result.Failed,
        result.Skipped,
        result.Discovered,
        result.Complete,
        result.DurationSeconds,
        result.Recorded,
        result.Clusters,
        result.ClustersFailed,
        result.ClustersThrottled,
        result.Finished,
        result.Throttled,
        result.Conflicts,
        result.Ambiguous,
        result.LeasedShards == 0 ? null : result.LeasedShards,
        result.Throttle is { } window ? new ThrottleAnswer(window.Limit, window.Window.TotalSeconds) : null,
        result.Errors.Count == 0 ? null : result.Errors);
}

/// <summary>The limit that upstream's gateway named.</summary>
internal sealed record ThrottleAnswer(int Limit, double WindowSeconds);
