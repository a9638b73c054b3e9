using Autopilot.Core.Upstream;

namespace Autopilot.Core.Tracking;

/// <summary>What one poll cycle did. <c>Polled = Changed + Unchanged + Failed</c>.</summary>
public sealed record CycleResult
{
    /// <summary>Workflows that were due: changed, unchanged and failed together.</summary>
    public int Polled { get; init; }

    /// <summary>Those of them whose state was another one.</summary>
    public int Changed { get; init; }

    /// <summary>Those whose state was the same.</summary>
    public int Unchanged { get; init; }

    /// <summary>Those that could not be read; each keeps its last state.</summary>
    public int Failed { get; init; }

    /// <summary>Active, but not due, or left for the next cycle.</summary>
    public int Skipped { get; init; }

    /// <summary>Of those skipped, the ones that got no permit of upstream's limit, or of <c>Cce:RequestsPerMinute</c>, in time.</summary>
    public int Throttled { get; init; }

    /// <summary>Workflows found by discovery and tracked in this cycle.</summary>
    public int Discovered { get; init; }

    /// <summary>Workflows found by discovery when they had ended, and recorded once.</summary>
    public int Recorded { get; init; }

    /// <summary>Clusters and projects that discovery scanned.</summary>
    public int Clusters { get; init; }

    /// <summary>Of those scanned, the ones that could not be read; their rows say why.</summary>
    public int ClustersFailed { get; init; }

    /// <summary>Clusters and projects that got no permit of upstream's limit in time, and are left for the next cycle.</summary>
    public int ClustersThrottled { get; init; }

    /// <summary>Moved to the finished ones in this cycle.</summary>
    public int Finished { get; init; }

    /// <summary>Writes that conflicted with another writer's and were reconciled.</summary>
    public int Conflicts { get; init; }

    /// <summary>Writes whose outcome had to be read back.</summary>
    public int Ambiguous { get; init; }

    /// <summary>Stored rows of the shards that cannot be read, and are left out: workflows, clusters, projects, shard statuses.</summary>
    public int Unreadable { get; init; }

    /// <summary>Shards that another process is polling: skipped, and left to it.</summary>
    public int LeasedShards { get; init; }

    /// <summary>
    /// Whether leased shards and unreadable rows are all that keeps it from being complete. Nothing is left for the next cycle then that
    /// this one should have done.
    /// </summary>
    internal bool NothingLeft { get; init; }

    /// <summary>
    /// False when the budget ran out, the process stopped or upstream refused us. Also when a shard failed, another process holds one, or a
    /// stored row cannot be read.
    /// </summary>
    public bool Complete { get; init; } = true;

    /// <summary>How long the cycle took, in seconds.</summary>
    public double DurationSeconds { get; init; }

    /// <summary>False when not one shard could be read.</summary>
    public bool StoreReached { get; init; } = true;

    /// <summary>The limit that the gateway named, while the client keeps to it.</summary>
    public ThrottleWindow? Throttle { get; init; }

    /// <summary>Why it is not complete, in a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
