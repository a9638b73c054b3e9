using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>The result of one shard in a run.</summary>
internal sealed record ShardResult(Shard Shard)
{
    /// <summary>Null where it was not polled.</summary>
    public CycleResult? Result { get; init; }

    /// <summary>Whether all that was due in it has been asked for and answered, well or not.</summary>
    public bool WasWhole { get; init; }

    /// <summary>How many active workflows it holds.</summary>
    public int Workflows { get; init; }

    /// <summary>Reads that failed. The cycle logs those of all shards together, since an outage fails them all alike.</summary>
    public IReadOnlyList<ReadFailure> Failures { get; init; } = [];

    /// <summary>Its active workflows, as they are after the run.</summary>
    public IReadOnlyDictionary<Assessment, int> Assessments { get; init; } = new Dictionary<Assessment, int>();

    /// <summary>Why it could not be read.</summary>
    public string? Error { get; init; }

    /// <summary>It could not be read since the process stops.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Another poller holds it.</summary>
    public bool IsLeased { get; init; }

    /// <summary>Whether a newer version writes its status: the shard is left to that.</summary>
    public bool IsFromNewerVersion { get; init; }

    /// <summary>Rows of it that cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>The cycle has been done already.</summary>
    public bool DoneBefore { get; init; }

    /// <summary>Active workflows that are left to another poller.</summary>
    public int Left { get; init; }
}
