using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Core.Tracking;

/// <summary>The result of a shard's latest cycle: one row, read by health and by the schedulers.</summary>
public sealed record ShardStatus
{
    /// <summary>When the last cycle that reached the end of this shard was done.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When that cycle started, with the queue: when it was dispatched; a scheduler detects a missed tick by it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Active workflows that the shard held.</summary>
    public int Active { get; init; }

    /// <summary>Workflows that the latest cycle polled in the shard.</summary>
    public int Polled { get; init; }

    /// <summary>Those of them whose state was another one.</summary>
    public int Changed { get; init; }

    /// <summary>Those that could not be read.</summary>
    public int Failed { get; init; }

    /// <summary>Rows of the shard that could not be read, this one included.</summary>
    public int Unreadable { get; init; }

    /// <summary>
    /// Whether a newer version writes this status: then this version knows nothing about the shard, and does not poll it.
    /// </summary>
    public bool IsNewer { get; init; }

    /// <summary>
    /// As it is read: the lease of the process that polls the shard, if any. When it is written, the lease under which the writer polled.
    /// It ends with this write, which is left out where the row has another lease. Written without one, the row keeps its lease.
    /// </summary>
    public ShardLease? Lease { get; init; }

    /// <summary>
    /// Identifies the row that was read; null where none was. A status under a lease is written on condition that the row is unchanged.
    /// </summary>
    public string? ETag { get; init; }

    /// <summary>The last failure that concerned the whole shard; null after a good cycle.</summary>
    public string? LastError { get; init; }
}
