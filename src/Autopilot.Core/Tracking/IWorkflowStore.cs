using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>
/// The memory of the tracker. Keeps the promise that a history holds each observed change once, in the order of observation. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached, and nothing else of the store's own.
/// </summary>
public interface IWorkflowStore
{
    /// <summary>One range read: active rows and the board.</summary>
    Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what a cycle observed, in as few transactions as possible, conditional on each row's version; settles conflicts and ambiguous
    /// outcomes as far as reading tells. Answers one outcome per write, in their order. The board, when given, goes with the last transaction.
    /// </summary>
    Task<WriteReport> WriteAsync(Shard shard, IReadOnlyList<WorkflowWrite> writes, ShardBoard? board, CancellationToken cancellationToken);

    /// <summary>Steps 2 and 3 of finishing: insert the run (once), move the row. Safe to repeat; a row that moved meanwhile is fine.</summary>
    Task FinishAsync(TrackedWorkflow finished, FinishedRun run, CancellationToken cancellationToken);

    /// <summary>One workflow, active, finished or untracked: one point read of an active one, at most two of another. Null when unknown.</summary>
    Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken);

    /// <summary>Begins or resumes tracking.</summary>
    /// <param name="clusterName">A name from a person stays; one that comes with <paramref name="onlyIfUnknown"/> is upstream's, and replaces only upstream's.</param>
    /// <param name="onlyIfUnknown">For targets from settings and discovery: leaves what a person untracked alone.</param>
    Task<TrackResult> TrackAsync(WorkflowTarget target, string? clusterName, DateTimeOffset now, bool onlyIfUnknown, CancellationToken cancellationToken);

    /// <summary>Stops tracking and keeps row and history. False when unknown. A finished workflow stays as it ended, marked as no longer tracked.</summary>
    Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken);

    /// <summary>Deletes row and history; resumable: a repeated call goes on. False when unknown.</summary>
    Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken);

    /// <summary>A page of a workflow's history, newest first.</summary>
    /// <param name="from">Inclusive, by observation; null for all.</param>
    /// <param name="to">Exclusive.</param>
    Task<Page<HistoryEntry>> ReadHistoryAsync(string workflowId, DateTimeOffset? from, DateTimeOffset? to, int pageSize, string? continuationToken, CancellationToken cancellationToken);

    /// <summary>One state with its document; null when there is no such sequence.</summary>
    Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken);

    /// <summary>The boards of all shards, by <see cref="Shard.Index"/>; null where no cycle has been.</summary>
    Task<IReadOnlyList<ShardBoard?>> ReadBoardsAsync(CancellationToken cancellationToken);
}

/// <summary>One workflow's part of a cycle's writes.</summary>
/// <param name="Before">The row as it was read; its <see cref="TrackedWorkflow.Version"/> is the condition.</param>
/// <param name="After">The row as it shall be.</param>
/// <param name="Appended">The state to append; null when the state is unchanged and only poll times and failures are merged.</param>
public sealed record WorkflowWrite(TrackedWorkflow Before, TrackedWorkflow After, HistoryState? Appended)
{
    /// <summary>Whom it concerns is told of it: stored in the same transaction, delivered later. Null when there is nothing to tell.</summary>
    public Notifications.Notification? Notification { get; init; }
}

/// <summary>What became of a write.</summary>
public enum WriteOutcome
{
    /// <summary>It is stored: by this call, or by an attempt whose answer was lost.</summary>
    Landed,

    /// <summary>Somebody else has stored the same state meanwhile; there is nothing left to do.</summary>
    AlreadyKnown,

    /// <summary>Somebody else observed another state meanwhile: this observation proves nothing any more. Poll again from the start.</summary>
    Superseded,

    /// <summary>The row is gone: untracked or finished meanwhile. Drop it.</summary>
    Vanished,

    /// <summary>The state cannot be stored (too large for the table); the last good state stays.</summary>
    TooLarge,
}

/// <summary>Outcomes of one call, and how hard it was.</summary>
/// <param name="Outcomes">One per write, in their order.</param>
/// <param name="Current">For every <see cref="WriteOutcome.Superseded"/> index, the row as it is now.</param>
public sealed record WriteReport(IReadOnlyList<WriteOutcome> Outcomes, IReadOnlyDictionary<int, TrackedWorkflow> Current, int Conflicts, int Ambiguous)
{
    /// <summary>For every <see cref="WriteOutcome.Landed"/> index the row's new <see cref="TrackedWorkflow.Version"/>, null elsewhere; empty where the store does not tell.</summary>
    public IReadOnlyList<string?> Versions { get; init; } = [];

    /// <summary>A landed row with its new version, so that what follows needs no further read; without one where the store does not tell.</summary>
    public TrackedWorkflow Landed(int index, WorkflowWrite write) => write.After with { Version = index < Versions.Count ? Versions[index] : null };
}

/// <summary>What a wish to track met.</summary>
public enum TrackStatus
{
    /// <summary>New.</summary>
    Created,

    /// <summary>Was untracked and goes on with its old history.</summary>
    Resumed,

    /// <summary>Tracked already; a new cluster name was taken over.</summary>
    AlreadyTracked,

    /// <summary>Finished, and stays so.</summary>
    Finished,

    /// <summary>Known under another cluster or project.</summary>
    OtherCluster,

    /// <summary>Untracked by a person, and the wish came from settings: left alone.</summary>
    LeftUntracked,

    /// <summary>A purge is under way: try again when it is done.</summary>
    Purging,

    /// <summary>The row cannot be read, and the request came from settings or discovery: left alone. <see cref="TrackResult.Workflow"/> is what was asked for.</summary>
    LeftUnreadable,
}

/// <param name="Status">What was met.</param>
/// <param name="Workflow">The row as it is now.</param>
public sealed record TrackResult(TrackStatus Status, TrackedWorkflow Workflow);

/// <summary>A page of a list: as many entries as were asked for, or the last ones, or fewer for the reason that it names.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="ContinuationToken">Null on the last page. Opaque; safe in a URL.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? ContinuationToken)
{
    /// <summary>Rows that were met and cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Why it is short though there is more; null where it is full or the last one.</summary>
    public Listing.PartialReason? Partial { get; init; }
}

/// <summary>The store cannot be reached or refuses us. The message carries no secret.</summary>
public sealed class StorageUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A continuation token that was not made by the store, or for another query.</summary>
public sealed class InvalidContinuationTokenException(string message) : Exception(message);
