using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>
/// What begins and ends the life of a row: tracking, stopping, finishing, purging. Each is one transaction conditional on the row's version; whoever
/// loses a race, or the answer, reads again and goes on from what is there.
/// </summary>
internal sealed class WorkflowMoves(StoredTable workflows, StoredTable runs)
{
    private const int MaxRounds = 10;
    private const int MaxLostAnswers = 3;

    // A transaction holds 100 rows; one is the workflow's own.
    private const int MaxDeletes = 99;

    /// <summary>The workflow's row, active or not: one point read of an active workflow, two of another.</summary>
    public async Task<TableEntity?> FindAsync(string workflowId, CancellationToken cancellationToken)
    {
        var partition = RowKeys.PartitionOf(workflowId);
        // Twice, since a row that is resumed between the two reads moves the other way: only an unknown workflow costs the second pair.
        foreach (var key in (string[])[RowKeys.Active(workflowId), RowKeys.Finished(workflowId), RowKeys.Active(workflowId), RowKeys.Finished(workflowId)])
        {
            if (await workflows.GetAsync(partition, key, cancellationToken).ConfigureAwait(false) is { } row)
            {
                return row;
            }
        }
        return null;
    }

    public Task<TrackResult> TrackAsync(WorkflowTarget target, string? clusterName, DateTimeOffset now, bool onlyIfUnknown, CancellationToken cancellationToken)
    {
        var fresh = new TrackedWorkflow { Target = target, ClusterName = clusterName, TrackedAt = now, NextPollAt = now };
        var sent = false;
        return UntilSettledAsync(async () =>
        {
            var row = await FindAsync(target.WorkflowId, cancellationToken).ConfigureAwait(false);
            if (row is null)
            {
                sent = true;
                var version = await workflows.SendAsync([new(TableTransactionActionType.Add, WorkflowRow.Whole(fresh, RowKeys.Active(target.WorkflowId)).Entity)], cancellationToken).ConfigureAwait(false);
                return new TrackResult(TrackStatus.Created, fresh with { Version = version[0].ToString() });
            }

            var known = WorkflowRow.Read(row);
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
                return new TrackResult(TrackStatus.Finished, known.Tracked || onlyIfUnknown ? known : await SetTrackedAsync(known, row, true, cancellationToken).ConfigureAwait(false));
            }
            if (IsActive(row))
            {
                if (sent && known.TrackedAt == now)
                {
                    // Ours, though the answer was lost.
                    return new TrackResult(TrackStatus.Created, known);
                }
                return new TrackResult(TrackStatus.AlreadyTracked, await RenameAsync(known, clusterName, cancellationToken).ConfigureAwait(false));
            }
            if (onlyIfUnknown)
            {
                return new TrackResult(TrackStatus.LeftUntracked, known);
            }
            // What failed before it was stopped tells nothing about now.
            var resumed = known with { Tracked = true, ClusterName = clusterName ?? known.ClusterName, NextPollAt = now, Failure = null, GoneSince = null };
            var versions = await workflows.SendAsync(
                [
                    new(TableTransactionActionType.Delete, Key(row), row.ETag),
                    new(TableTransactionActionType.Add, WorkflowRow.Whole(resumed, RowKeys.Active(target.WorkflowId)).Entity),
                ],
                cancellationToken).ConfigureAwait(false);
            return new TrackResult(TrackStatus.Resumed, resumed with { Version = versions[1].ToString() });
        }, cancellationToken);
    }

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) =>
        UntilSettledAsync(async () =>
        {
            var row = await FindAsync(workflowId, cancellationToken).ConfigureAwait(false);
            if (row is null || WorkflowRow.Read(row) is not { Purging: false, Tracked: true } known)
            {
                return row is not null;
            }
            if (known.IsFinished)
            {
                // It may be on its way to the finished ones, with its run still to be inserted: only the flag changes, the move stays its mover's.
                await SetTrackedAsync(known, row, false, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await MoveToFinishedAsync(known with { Tracked = false }, row.ETag, cancellationToken).ConfigureAwait(false);
            }
            return true;
        }, cancellationToken);

    public async Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken)
    {
        var (known, marked) = (false, false);
        while (true)
        {
            var done = await UntilSettledAsync<bool?>(async () =>
            {
                var row = await FindAsync(workflowId, cancellationToken).ConfigureAwait(false);
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
                        // Another purge was faster, and the workflow is tracked anew: that row is not ours to delete.
                        return true;
                    }
                    // The mark moves the row's version, so that whoever observed meanwhile can append nothing any more.
                    version = (await workflows.SendAsync([Mark(row, version)], cancellationToken).ConfigureAwait(false))[0];
                }
                marked = true;
                try
                {
                    version = await DeleteHistoryAsync(workflowId, row, version, cancellationToken).ConfigureAwait(false);
                    // The row goes last: as long as it is there, a repeated call goes on.
                    await workflows.SendAsync([new(TableTransactionActionType.Delete, Key(row), version)], cancellationToken).ConfigureAwait(false);
                    return true;
                }
                catch (RequestFailedException e) when (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
                {
                    // Another purge is at it too. What beats us deletes something, so that going on has an end.
                    StorageMetrics.Conflicts.Add(1);
                    return null;
                }
            }, cancellationToken).ConfigureAwait(false);
            if (done is { } outcome)
            {
                return outcome;
            }
        }
    }

    public async Task FinishAsync(TrackedWorkflow finished, FinishedRun run, CancellationToken cancellationToken)
    {
        // Its key comes of the stored end, so that a repetition meets itself.
        await UntilSettledAsync(async () =>
        {
            try
            {
                await runs.SendAsync([new(TableTransactionActionType.Add, RunRow.Of(run).Entity)], cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException e) when (StorageFailure.IsConflict(e))
            {
                // Told already.
            }
            return true;
        }, cancellationToken).ConfigureAwait(false);

        var stale = finished.Version is null;
        await UntilSettledAsync(async () =>
        {
            if (stale)
            {
                var row = await workflows.GetAsync(RowKeys.PartitionOf(finished.Target.WorkflowId), RowKeys.Active(finished.Target.WorkflowId), cancellationToken).ConfigureAwait(false);
                if (row is null || WorkflowRow.Read(row) is not { Purging: false, IsFinished: true } current)
                {
                    return true;
                }
                finished = current;
            }
            stale = true;
            await MoveToFinishedAsync(finished, new ETag(finished.Version!), cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsActive(TableEntity row) => row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal);

    private static TableEntity Key(TableEntity row) => new(row.PartitionKey, row.RowKey);

    private async Task<TrackedWorkflow> SetTrackedAsync(TrackedWorkflow finished, TableEntity row, bool tracked, CancellationToken cancellationToken)
    {
        var flag = Key(row);
        flag[WorkflowRow.Tracked] = tracked;
        var version = await workflows.SendAsync([new(TableTransactionActionType.UpdateMerge, flag, row.ETag)], cancellationToken).ConfigureAwait(false);
        return finished with { Tracked = tracked, Version = version[0].ToString() };
    }

    private async Task<TrackedWorkflow> RenameAsync(TrackedWorkflow known, string? clusterName, CancellationToken cancellationToken)
    {
        if (clusterName is null || clusterName == known.ClusterName)
        {
            return known;
        }
        var name = new TableEntity(RowKeys.PartitionOf(known.Target.WorkflowId), RowKeys.Active(known.Target.WorkflowId)) { [WorkflowRow.ClusterName] = clusterName };
        var version = await workflows.SendAsync([new(TableTransactionActionType.UpdateMerge, name, new ETag(known.Version!))], cancellationToken).ConfigureAwait(false);
        return known with { ClusterName = clusterName, Version = version[0].ToString() };
    }

    private Task MoveToFinishedAsync(TrackedWorkflow workflow, ETag version, CancellationToken cancellationToken)
    {
        var id = workflow.Target.WorkflowId;
        return workflows.SendAsync(
            [
                new(TableTransactionActionType.Delete, new TableEntity(RowKeys.PartitionOf(id), RowKeys.Active(id)), version),
                new(TableTransactionActionType.UpsertReplace, WorkflowRow.Whole(workflow, RowKeys.Finished(id)).Entity),
            ],
            cancellationToken);
    }

    private static TableTransactionAction Mark(TableEntity row, ETag version)
    {
        var mark = Key(row);
        mark[WorkflowRow.Purging] = true;
        return new(TableTransactionActionType.UpdateMerge, mark, version);
    }

    /// <summary>
    /// Deletes the history of a marked row. Every batch marks the row again, conditional on its version: once the row is another one, its history is
    /// another one's too.
    /// </summary>
    /// <returns>The row's version now.</returns>
    private async Task<ETag> DeleteHistoryAsync(string workflowId, TableEntity marked, ETag version, CancellationToken cancellationToken)
    {
        // What was not told yet is not told any more; a delivery under way may have taken such a row out meanwhile, and the purge then begins anew.
        foreach (var prefix in (string[])[RowKeys.HistoryPrefix(workflowId), RowKeys.NotificationsOf(workflowId)])
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {marked.PartitionKey} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}");
            await foreach (var page in workflows.QueryAsync(filter, null, ["PartitionKey", "RowKey"], null, cancellationToken).ConfigureAwait(false))
            {
                foreach (var some in page.Values.Chunk(MaxDeletes))
                {
                    var versions = await workflows.SendAsync(
                        [Mark(marked, version), .. some.Select(r => new TableTransactionAction(TableTransactionActionType.Delete, Key(r), ETag.All))], cancellationToken).ConfigureAwait(false);
                    version = versions[0];
                }
            }
        }
        return version;
    }

    /// <summary>Does it anew, reading included, for as long as it loses races or answers.</summary>
    private static async Task<T> UntilSettledAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        var lost = 0;
        for (var round = 1; ; round++)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
            {
                var ambiguous = StorageFailure.IsAmbiguous(e);
                if (round == MaxRounds || (ambiguous && ++lost == MaxLostAnswers) || !(ambiguous || StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e)))
                {
                    throw StorageFailure.Unavailable(e);
                }
                (ambiguous ? StorageMetrics.Ambiguous : StorageMetrics.Conflicts).Add(1);
            }
        }
    }
}
