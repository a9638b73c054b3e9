using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage.Writing;

/// <summary>
/// Begins and ends the life of a workflow's row: tracking, stopping, finishing, purging, trimming. Each is one transaction conditional on
/// the row's version; after a conflict or a lost response the row is read and the operation starts over.
/// </summary>
internal sealed class WorkflowLifecycle(StoredTable workflows, StoredTable runs)
{
    private const int MaxRounds = 10;
    private const int MaxLostResponses = 3;

    // A transaction holds 100 rows; one is the workflow's own.
    private const int MaxDeletes = 99;

    // Pairs of reads that find no row before a person's change takes a workflow for unknown. Where several people end and resume its
    // tracking at once, the row may move between all reads of one or two pairs.
    private const int LooksBeforeChange = 4;

    private readonly HistoryReader _history = new(workflows, runs);

    /// <summary>The workflow's row, active or not: one point read of an active workflow, two of another.</summary>
    public Task<TableEntity?> FindAsync(string workflowId, CancellationToken cancellationToken, int looks = 2) =>
        FindAsync(workflowId, (partition, key) => workflows.GetAsync(partition, key, cancellationToken), looks);

    /// <summary>The same, whatever a row is read as.</summary>
    public static async Task<T?> FindAsync<T>(string workflowId, Func<string, string, Task<T?>> read, int looks = 2)
        where T : class
    {
        var partition = RowKeys.PartitionOf(workflowId);
        // Again, since a row that is resumed between the two reads moves the other way. Only an unknown workflow costs all of them.
        for (var attempt = 0; attempt < looks; attempt++)
        {
            if (await read(partition, RowKeys.Active(workflowId)) is { } active)
            {
                return active;
            }
            if (await read(partition, RowKeys.Finished(workflowId)) is { } finished)
            {
                return finished;
            }
        }
        return null;
    }

    public Task<TrackResult> TrackAsync(
        WorkflowTarget target,
        string? clusterName,
        DateTimeOffset now,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    )
    {
        var fresh = new TrackedWorkflow
        {
            Target = target,
            ClusterName = clusterName,
            ClusterNameGiven = clusterName is not null && !onlyIfUnknown,
            TrackedAt = now,
            NextPollAt = now,
        };
        var sent = false;
        return RetryOnConflictAsync(
            async () =>
            {
                var row = await FindAsync(target.WorkflowId, cancellationToken, onlyIfUnknown ? 2 : LooksBeforeChange);
                if (row is null)
                {
                    // There is a history where an unreadable row was deleted, and the new row continues it. The first write would not
                    // notice: retention may have deleted the states that it would conflict with.
                    var begun = await _history.BeginAsync(fresh, damaged: null, cancellationToken);
                    sent = true;
                    var version = await workflows.SendAsync([new(TableTransactionActionType.Add, RowOf(begun))], cancellationToken);
                    return new TrackResult(
                        begun.IsFinished ? TrackStatus.Finished : TrackStatus.Created,
                        begun with
                        {
                            ETag = version[0].ToString(),
                        }
                    );
                }

                var read = WorkflowRow.Read(workflows, row);
                if (read.Value is not { } known)
                {
                    return onlyIfUnknown ? new TrackResult(TrackStatus.LeftUnreadable, fresh)
                        : read.Unreadable!.IsFromNewerVersion ? throw new RowUnreadableException(read.Unreadable)
                        : await ReplaceDamagedAsync(row, fresh, cancellationToken);
                }
                if (known.Purging)
                {
                    return new TrackResult(TrackStatus.Purging, known);
                }
                if (known.Target != target)
                {
                    return new TrackResult(TrackStatus.OtherCluster, known);
                }
                if (known.IsFinished)
                {
                    return new TrackResult(
                        TrackStatus.Finished,
                        known.Tracked || onlyIfUnknown ? known : await SetTrackedAsync(known, row, true, cancellationToken)
                    );
                }
                if (IsActive(row))
                {
                    if (sent && known.TrackedAt == now)
                    {
                        // Ours, though the answer was lost.
                        return new TrackResult(TrackStatus.Created, known);
                    }
                    return new TrackResult(
                        TrackStatus.AlreadyTracked,
                        await RenameAsync(known, clusterName, given: !onlyIfUnknown, cancellationToken)
                    );
                }
                if (onlyIfUnknown)
                {
                    return new TrackResult(TrackStatus.LeftUntracked, known);
                }
                // Failures from before tracking stopped say nothing about the present.
                var resumed = known with
                {
                    Tracked = true,
                    ClusterName = clusterName ?? known.ClusterName,
                    ClusterNameGiven = clusterName is not null || known.ClusterNameGiven,
                    NextPollAt = now,
                    Failure = null,
                    GoneSince = null,
                };
                var versions = await workflows.SendAsync(
                    [
                        new(TableTransactionActionType.Delete, Key(row), row.ETag),
                        new(TableTransactionActionType.Add, WorkflowRow.Whole(resumed, RowKeys.Active(target.WorkflowId)).Entity),
                    ],
                    cancellationToken
                );
                return new TrackResult(TrackStatus.Resumed, resumed with { ETag = versions[1].ToString() });
            },
            cancellationToken
        );
    }

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) =>
        RetryOnConflictAsync(
            async () =>
            {
                var row = await FindAsync(workflowId, cancellationToken, LooksBeforeChange);
                var read = WorkflowRow.Read(workflows, row);
                if (read.Unreadable is not null)
                {
                    // There is nothing in it that could be kept; the history is.
                    await workflows.SendAsync([new(TableTransactionActionType.Delete, Key(row!), row!.ETag)], cancellationToken);
                    return true;
                }
                if (row is null || read.Value is not { Purging: false, Tracked: true } known)
                {
                    return row is not null;
                }
                if (known.IsFinished)
                {
                    // It may be on its way to the finished ones, with its run still to be inserted: only the flag changes, the move stays
                    // its mover's.
                    await SetTrackedAsync(known, row, false, cancellationToken);
                }
                else
                {
                    await MoveToFinishedAsync(known with { Tracked = false }, row.ETag, cancellationToken);
                }
                return true;
            },
            cancellationToken
        );

    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) =>
        PurgeAsync(workflowId, marked: false, cancellationToken);

    /// <summary>
    /// Purges a finished workflow whose row is unchanged since it was found; continues a purge that was interrupted. False when the row is
    /// another by now, which stays whole.
    /// </summary>
    public async Task<bool> PurgeExpiredAsync(ExpiredWorkflow expired, CancellationToken cancellationToken)
    {
        if (expired.Reason is not ExpiryReason.PurgeInterrupted && !await MarkExpiredAsync(expired, cancellationToken))
        {
            return false;
        }
        return await PurgeAsync(expired.WorkflowId, marked: true, cancellationToken);
    }

    /// <summary>
    /// Deletes the oldest states of a finished workflow and keeps its row. False when it is tracked again meanwhile: then the rest of its
    /// history stays.
    /// </summary>
    public Task<bool> TrimAsync(ExpiredWorkflow expired, CancellationToken cancellationToken)
    {
        var found = new ETag(expired.Version);
        return RetryOnConflictAsync(
            async () =>
            {
                if (await ExpiredRowAsync(expired, found, cancellationToken) is not { } version)
                {
                    return false;
                }
                found = default;
                var row = new TableEntity(RowKeys.PartitionOf(expired.WorkflowId), RowKeys.Finished(expired.WorkflowId));
                // Each batch changes the row's version, conditional on the one before: once the workflow is tracked again, nothing more is
                // deleted.
                version = await DeleteHistoryAsync(
                    expired.WorkflowId,
                    expired.UpTo,
                    at => new(TableTransactionActionType.UpdateMerge, row, at),
                    version,
                    cancellationToken
                );
                // Last, so that a run that ended half-way does not count as done.
                var trimmed = new TableEntity(row.PartitionKey, row.RowKey) { [WorkflowRow.StatesFrom] = expired.UpTo + 1 };
                await workflows.SendAsync([new(TableTransactionActionType.UpdateMerge, trimmed, version)], cancellationToken);
                return true;
            },
            cancellationToken
        );
    }

    /// <param name="marked">Whether the row bears the mark already: then one without it is not ours to delete.</param>
    private async Task<bool> PurgeAsync(string workflowId, bool marked, CancellationToken cancellationToken)
    {
        var known = marked;
        while (true)
        {
            var done = await RetryOnConflictAsync<bool?>(
                async () =>
                {
                    var row = await FindAsync(workflowId, cancellationToken);
                    if (row is null && !known && await HistoryReader.NewestSequenceAsync(workflows, workflowId, cancellationToken) > 0)
                    {
                        row = await MarkOrphanedAsync(workflowId, cancellationToken);
                    }
                    if (row is null)
                    {
                        return known;
                    }
                    known = true;
                    var version = row.ETag;
                    if (!WorkflowRow.IsPurging(row))
                    {
                        if (marked)
                        {
                            // Another purge was faster, and the workflow is tracked again: that row is not ours to delete.
                            return true;
                        }
                        // The mark changes the row's version, so that a poll that observed meanwhile can append nothing.
                        version = (await workflows.SendAsync([Mark(row, version)], cancellationToken))[0];
                    }
                    marked = true;
                    try
                    {
                        version = await DeleteHistoryAsync(
                            workflowId,
                            RowKeys.MaxSequence,
                            at => Mark(row, at),
                            version,
                            cancellationToken
                        );
                        // Notifications that were not sent yet are dropped, or they would mix with those of a workflow that is tracked
                        // again under this id. A delivery under way may delete such a row meanwhile; then the purge starts over.
                        var waiting = RowKeys.NotificationsOf(workflowId);
                        version = await DeleteRangeAsync(
                            row.PartitionKey,
                            waiting,
                            waiting,
                            at => Mark(row, at),
                            version,
                            cancellationToken
                        );
                        // The row goes last: as long as it is there, a repeated call continues.
                        await workflows.SendAsync([new(TableTransactionActionType.Delete, Key(row), version)], cancellationToken);
                        return true;
                    }
                    catch (RequestFailedException e) when (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
                    {
                        // Another purge runs too. Each conflict means that it deleted something, so that the repetition ends.
                        StorageMetrics.Conflicts.Add(1);
                        return null;
                    }
                },
                cancellationToken
            );
            if (done is { } outcome)
            {
                return outcome;
            }
        }
    }

    public async Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken)
    {
        // Its key comes of the stored end, so that a repetition meets itself.
        await RetryOnConflictAsync(
            async () =>
            {
                try
                {
                    await runs.SendAsync([new(TableTransactionActionType.Add, RunRow.Of(run).Entity)], cancellationToken);
                }
                catch (RequestFailedException e) when (StorageFailure.IsConflict(e))
                {
                    // Written already.
                }
                return true;
            },
            cancellationToken
        );

        var stale = finished.ETag is null;
        await RetryOnConflictAsync(
            async () =>
            {
                if (stale)
                {
                    var row = await workflows.GetAsync(
                        RowKeys.PartitionOf(finished.Target.WorkflowId),
                        RowKeys.Active(finished.Target.WorkflowId),
                        cancellationToken
                    );
                    // What cannot be read any more is left to the next cycle, which counts it.
                    if (WorkflowRow.Read(workflows, row).Value is not { Purging: false, IsFinished: true } current)
                    {
                        return true;
                    }
                    finished = current;
                }
                stale = true;
                await MoveToFinishedAsync(finished, new ETag(finished.ETag!), cancellationToken);
                return true;
            },
            cancellationToken
        );
    }

    /// <summary>
    /// A fresh row in place of a damaged one, behind the newest state of the history, which stays. It is before its first read, or finished
    /// where its run is stored.
    /// </summary>
    private async Task<TrackResult> ReplaceDamagedAsync(TableEntity row, TrackedWorkflow fresh, CancellationToken cancellationToken)
    {
        if (WorkflowRow.OtherTarget(row, fresh.Target) is { } other)
        {
            return new TrackResult(TrackStatus.OtherCluster, fresh with { Target = other });
        }
        var begun = await _history.BeginAsync(
            fresh with
            {
                Unknown = new UnknownReader().Content(WorkflowRow.Format.UnknownOf(row)),
            },
            row,
            cancellationToken
        );
        var whole = RowOf(begun);
        var versions =
            whole.RowKey == row.RowKey
                ? await workflows.SendAsync([new(TableTransactionActionType.UpdateReplace, whole, row.ETag)], cancellationToken)
                : await workflows.SendAsync(
                    [new(TableTransactionActionType.Delete, Key(row), row.ETag), new(TableTransactionActionType.Add, whole)],
                    cancellationToken
                );
        return new TrackResult(
            begun.IsFinished ? TrackStatus.Finished : TrackStatus.Resumed,
            begun with
            {
                ETag = versions[^1].ToString(),
            }
        );
    }

    /// <summary>A row for a history that has none, so that it can be purged like any other.</summary>
    private async Task<TableEntity> MarkOrphanedAsync(string workflowId, CancellationToken cancellationToken)
    {
        var row = new TableEntity(RowKeys.PartitionOf(workflowId), RowKeys.Finished(workflowId)) { [WorkflowRow.Purging] = true };
        row.ETag = (await workflows.SendAsync([new(TableTransactionActionType.Add, row)], cancellationToken))[0];
        return row;
    }

    private static TableEntity RowOf(TrackedWorkflow begun) =>
        WorkflowRow
            .Whole(begun, begun.IsFinished ? RowKeys.Finished(begun.Target.WorkflowId) : RowKeys.Active(begun.Target.WorkflowId))
            .Entity;

    private static bool IsActive(TableEntity row) => row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal);

    private static TableEntity Key(TableEntity row) => new(row.PartitionKey, row.RowKey);

    private async Task<TrackedWorkflow> SetTrackedAsync(
        TrackedWorkflow finished,
        TableEntity row,
        bool tracked,
        CancellationToken cancellationToken
    )
    {
        var flag = Key(row);
        flag[WorkflowRow.Tracked] = tracked;
        var version = await workflows.SendAsync([new(TableTransactionActionType.UpdateMerge, flag, row.ETag)], cancellationToken);
        return finished with { Tracked = tracked, ETag = version[0].ToString() };
    }

    /// <summary>What a person calls a cluster stays; upstream's name of it only fills or follows what upstream said before.</summary>
    private async Task<TrackedWorkflow> RenameAsync(
        TrackedWorkflow known,
        string? clusterName,
        bool given,
        CancellationToken cancellationToken
    )
    {
        if (
            clusterName is null
            || (clusterName == known.ClusterName && (known.ClusterNameGiven || !given))
            || (known.ClusterNameGiven && !given)
        )
        {
            return known;
        }
        var name = new TableEntity(RowKeys.PartitionOf(known.Target.WorkflowId), RowKeys.Active(known.Target.WorkflowId))
        {
            [WorkflowRow.ClusterName] = clusterName,
            [WorkflowRow.ClusterNameKey] = WorkflowRow.KeyOf(clusterName),
            [WorkflowRow.ClusterNameGiven] = given,
        };
        var version = await workflows.SendAsync(
            [new(TableTransactionActionType.UpdateMerge, name, new ETag(known.ETag!))],
            cancellationToken
        );
        return known with { ClusterName = clusterName, ClusterNameGiven = given, ETag = version[0].ToString() };
    }

    private Task MoveToFinishedAsync(TrackedWorkflow workflow, ETag version, CancellationToken cancellationToken)
    {
        var id = workflow.Target.WorkflowId;
        return workflows.SendAsync(
            [
                new(TableTransactionActionType.Delete, new TableEntity(RowKeys.PartitionOf(id), RowKeys.Active(id)), version),
                new(TableTransactionActionType.UpsertReplace, WorkflowRow.Whole(workflow, RowKeys.Finished(id)).Entity),
            ],
            cancellationToken
        );
    }

    private static TableTransactionAction Mark(TableEntity row, ETag version)
    {
        var mark = Key(row);
        mark[WorkflowRow.Purging] = true;
        return new(TableTransactionActionType.UpdateMerge, mark, version);
    }

    /// <summary>
    /// The version of the row while it is over and its history is the one that was found; null when it is another by now.
    /// </summary>
    /// <param name="found">Its version where that is still to be tried; default where the answer to an attempt was lost or refused.</param>
    private async Task<ETag?> ExpiredRowAsync(ExpiredWorkflow expired, ETag found, CancellationToken cancellationToken)
    {
        if (found != default)
        {
            return found;
        }
        var row = await workflows.GetAsync(
            RowKeys.PartitionOf(expired.WorkflowId),
            RowKeys.Finished(expired.WorkflowId),
            cancellationToken
        );
        return row is not null && !WorkflowRow.IsPurging(row) && WorkflowRow.SequenceOf(row) == expired.Sequence ? row.ETag : null;
    }

    private Task<bool> MarkExpiredAsync(ExpiredWorkflow expired, CancellationToken cancellationToken)
    {
        var (partition, key) = (RowKeys.PartitionOf(expired.WorkflowId), RowKeys.Finished(expired.WorkflowId));
        var found = new ETag(expired.Version);
        return RetryOnConflictAsync(
            async () =>
            {
                if (
                    found == default
                    && await workflows.GetAsync(partition, key, cancellationToken) is { } row
                    && WorkflowRow.IsPurging(row)
                )
                {
                    // Ours, though the answer was lost, or a person's, who wants the same.
                    return true;
                }
                if (await ExpiredRowAsync(expired, found, cancellationToken) is not { } version)
                {
                    return false;
                }
                found = default;
                await workflows.SendAsync([Mark(new TableEntity(partition, key), version)], cancellationToken);
                return true;
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Deletes the history of a row up to a sequence. Every batch touches the row too, conditional on its version: once the row is another
    /// one, its history is another one's too.
    /// </summary>
    /// <returns>The row's version now.</returns>
    private Task<ETag> DeleteHistoryAsync(
        string workflowId,
        long upTo,
        Func<ETag, TableTransactionAction> touch,
        ETag version,
        CancellationToken cancellationToken
    ) =>
        DeleteRangeAsync(
            RowKeys.PartitionOf(workflowId),
            RowKeys.History(workflowId, upTo),
            RowKeys.HistoryPrefix(workflowId),
            touch,
            version,
            cancellationToken
        );

    private async Task<ETag> DeleteRangeAsync(
        string partition,
        string from,
        string prefix,
        Func<ETag, TableTransactionAction> touch,
        ETag version,
        CancellationToken cancellationToken
    )
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {RowKeys.After(prefix)}"
        );
        await foreach (var page in workflows.QueryAsync(filter, null, ["PartitionKey", "RowKey"], null, cancellationToken))
        {
            foreach (var some in page.Values.Chunk(MaxDeletes))
            {
                var versions = await workflows.SendAsync(
                    [touch(version), .. some.Select(r => new TableTransactionAction(TableTransactionActionType.Delete, Key(r), ETag.All))],
                    cancellationToken
                );
                version = versions[0];
            }
        }
        return version;
    }

    /// <summary>Runs the attempt, including its read, again while it meets conflicts or lost responses.</summary>
    internal static async Task<T> RetryOnConflictAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        var lost = 0;
        for (var round = 1; ; round++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
            {
                var ambiguous = StorageFailure.IsAmbiguous(e);
                if (
                    round == MaxRounds
                    || (ambiguous && ++lost == MaxLostResponses)
                    || !(ambiguous || StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
                )
                {
                    throw StorageFailure.Unavailable(e);
                }
                (ambiguous ? StorageMetrics.Ambiguous : StorageMetrics.Conflicts).Add(1);
            }
        }
    }
}
