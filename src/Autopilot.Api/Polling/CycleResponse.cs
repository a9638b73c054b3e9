using Autopilot.Core.Tracking;

namespace Autopilot.Api.Polling;

/// <summary>The result of a cycle: first what most people ask, then what explains it.</summary>
/// <param name="Polled">Workflows that were due: changed, unchanged and failed together.</param>
/// <param name="Changed">Those of them whose state was another one.</param>
/// <param name="Unchanged">Those whose state was the same.</param>
/// <param name="Failed">Those that could not be read; each keeps its last state.</param>
/// <param name="Skipped">Active workflows that were not due, or are left for the next cycle.</param>
/// <param name="Discovered">Upgrades that were found in clusters, and are tracked from now on.</param>
/// <param name="Complete">False where the cycle ended before its work, and the rest is due at once in the next, or where stored rows cannot
/// be read.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="Recorded">Upgrades that were found after they had ended.</param>
/// <param name="Clusters">Clusters and projects that were scanned.</param>
/// <param name="ClustersFailed">Those of them that could not be.</param>
/// <param name="ClustersThrottled">Those that wait for upstream's limit.</param>
/// <param name="Finished">Workflows that ended.</param>
/// <param name="Throttled">Of the skipped ones, those that got no permit of upstream's rate limit in time.</param>
/// <param name="Conflicts">Workflows that another writer had written meanwhile.</param>
/// <param name="Ambiguous">Writes whose response was lost, and whose outcome was read back.</param>
/// <param name="Unreadable">Stored rows that cannot be read, and are left out; the log names each once.</param>
/// <param name="LeasedShards">Shards that another process is polling; null where there are none.</param>
/// <param name="Throttle">The limit that upstream named, while we keep to it.</param>
/// <param name="Errors">What went wrong; null where nothing did.</param>
/// <param name="Note">What is probably wrong with the filter by cluster; null where nothing is.</param>
internal sealed record CycleResponse(
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
    int Unreadable,
    int? LeasedShards,
    ThrottleResponse? Throttle,
    IReadOnlyList<string>? Errors,
    string? Note
)
{
    public static CycleResponse Of(CycleResult result, string? note) =>
        new(
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
            result.Unreadable,
            result.LeasedShards == 0 ? null : result.LeasedShards,
            result.Throttle is { } window ? new ThrottleResponse(window.Limit, window.Window.TotalSeconds) : null,
            result.Errors.Count == 0 ? null : result.Errors,
            note
        );
}
