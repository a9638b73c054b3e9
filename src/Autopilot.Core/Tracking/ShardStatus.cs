using Autopilot.Core.Tracking.FanOut;

namespace Autopilot.Core.Tracking;

/// <summary>What a shard tells about its latest cycle: one row, read by health and by the schedulers.</summary>
public sealed record ShardStatus
{
    /// <summary>When the last cycle that reached the end of this shard was done.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When that cycle started, with the queue: when it was dispatched; a scheduler tells a missed tick from it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Active workflows that the shard held.</summary>
    public int Active { get; init; }

    public int Polled { get; init; }
    public int Changed { get; init; }
    public int Failed { get; init; }

    /// <summary>Rows of the shard that could not be read, this one included.</summary>
    public int Unreadable { get; init; }

    /// <summary>Whether a newer version keeps the board: this version can say nothing of the shard then, and does not poll it.</summary>
    public bool IsNewer { get; init; }

    /// <summary>
    /// As it is read: who polls the shard, while somebody does. As it is written: the lease under which the writer polled; it ends with
    /// this write, which is left out where it is no longer the row's. Written without one, whatever lease the row has stays.
    /// </summary>
    public ShardLease? Lease { get; init; }

    /// <summary>
    /// Identifies the row that was read; null where none was. A board under a lease is written on condition that it is still this one.
    /// </summary>
    public string? Version { get; init; }

    /// <summary>The last failure that concerned the whole shard; null after a good cycle.</summary>
    public string? LastError { get; init; }
}
