using Autopilot.Core.Rows;

namespace Autopilot.Core.Workflows;

/// <summary>
/// All that is kept in one row about a workflow: where it is, its current state, every attempt seen, and how its polling goes.
/// A summary is computed from this and nothing else, so that it stays one point read.
/// </summary>
public sealed record TrackedWorkflow
{
    /// <summary>Where upstream has it.</summary>
    public required WorkflowTarget Target { get; init; }

    /// <summary>The cluster's name, once known: people know names.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Whether a person gave the name with the workflow, so that its cluster's does not replace it.</summary>
    public bool ClusterNameGiven { get; init; }

    /// <summary>When tracking began.</summary>
    public DateTimeOffset TrackedAt { get; init; }

    /// <summary>False after a person stopped it.</summary>
    public bool Tracked { get; init; } = true;

    /// <summary>False when it had ended before it was first seen: then only what its last state shows is known.</summary>
    public bool SeenLive { get; init; } = true;

    /// <summary>Number of states appended to the history; 0 before the first read.</summary>
    public long Sequence { get; init; }

    /// <summary>Content hash of the current state (see <c>WorkflowDocument</c>); null before the first read.</summary>
    public string? Hash { get; init; }

    /// <summary>The current state; null before the first read.</summary>
    public UpgradeWorkflow? State { get; init; }

    /// <summary>Every attempt seen, oldest first, the newest <see cref="TaskAttempts.MaxKept"/>.</summary>
    public IReadOnlyList<TaskAttempt> Runs { get; init; } = [];

    /// <summary>Upstream's details of failed attempts, oldest first, at most <see cref="TaskFailures.MaxKept"/> details together.</summary>
    public IReadOnlyList<TaskFailure> TaskFailures { get; init; } = [];

    /// <summary>How far the runs under way are, and what the passed pre-check accepted, as far as upstream was asked.</summary>
    public IReadOnlyList<RunProgress> Progress { get; init; } = [];

    /// <summary>The cluster's latest backup, as far as it was asked for; null before that.</summary>
    public LatestBackup? Backup { get; init; }

    /// <summary>The first successful read; null before it, and in rows written before it was kept.</summary>
    public DateTimeOffset? FirstObservedAt { get; init; }

    /// <summary>When it was not read for long, oldest first, the newest <see cref="ObservationGap.MaxKept"/>.</summary>
    public IReadOnlyList<ObservationGap> Gaps { get; init; } = [];

    /// <summary>First observation of the present phase.</summary>
    public DateTimeOffset? PhaseSince { get; init; }

    /// <summary>When the current state was first observed.</summary>
    public DateTimeOffset? LastChangedAt { get; init; }

    /// <summary>The last successful read: every figure of the summary is as of this time.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>When it is due next.</summary>
    public DateTimeOffset NextPollAt { get; init; }

    /// <summary>Set while polls fail.</summary>
    public PollFailure? Failure { get; init; }

    /// <summary>The first 404 of three or more in a row: upstream no longer knows it.</summary>
    public DateTimeOffset? GoneSince { get; init; }

    /// <summary>Set once it is finished: it will never be polled again.</summary>
    public WorkflowOutcome? Outcome { get; init; }

    /// <summary>When it ended; fixed together with <see cref="Outcome"/>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>State for notifications; null while no webhook is set.</summary>
    public LastNotified? LastNotified { get; init; }

    /// <summary>Whether a purge is under way: history is being deleted and nothing may write.</summary>
    public bool Purging { get; init; }

    /// <summary>The store's token for this version of the row (an ETag); null for a row that is not stored yet.</summary>
    public string? ETag { get; init; }

    /// <summary>What the stored row holds that this version does not know; null where it knows all.</summary>
    public UnknownContent? Unknown { get; init; }

    /// <summary>Whether it will never be polled again because it ended.</summary>
    public bool IsFinished => Outcome is not null;
}
