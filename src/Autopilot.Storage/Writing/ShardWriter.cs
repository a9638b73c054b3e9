using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage.Writing;

/// <summary>
/// One cycle's writes to a shard, in transactions conditional on each row's version. After a failure the rows are read and reconciled. An
/// unchanged version proves that nothing was written, by this process or another. With a changed one, sequence and hash show whose write it
/// was.
/// </summary>
internal sealed partial class ShardWriter
{
    // Consecutive failures without a committed transaction between them, after which the write gives up. The next cycle tries again.
    private const int MaxLostResponses = 4;
    private const int MaxConflictRounds = 20;
    private const int MaxStuck = 2;

    private readonly StoredTable _table;
    private readonly Shard _shard;
    private readonly ILogger _logger;
    private readonly WriteOutcome[] _outcomes;
    private readonly string?[] _versions;
    private readonly Dictionary<int, TrackedWorkflow> _current = [];
    private readonly List<PendingWrite> _pending = [];
    private readonly ShardLease? _lease;
    private RowBuilder? _status;
    private int _conflicts,
        _ambiguous;

    public ShardWriter(StoredTable table, Shard shard, IReadOnlyList<WorkflowWrite> writes, ShardStatus? status, ILogger logger)
    {
        (_table, _shard, _logger) = (table, shard, logger);
        _outcomes = new WriteOutcome[writes.Count];
        _versions = new string?[writes.Count];
        _status = status is null ? null : ShardStatusRow.Of(shard, status);
        _lease = status?.Lease;
        for (var i = 0; i < writes.Count; i++)
        {
            var pending = new PendingWrite(i, writes[i]);
            if (pending.Fits)
            {
                _pending.Add(pending);
            }
            else
            {
                _outcomes[i] = WriteOutcome.TooLarge;
            }
        }
    }

    public async Task<WriteReport> RunAsync(CancellationToken cancellationToken)
    {
        var (lostInARow, conflictRounds) = (0, 0);
        while (_pending.Count > 0 || _status is not null)
        {
            var failed = await SendAllAsync(() => lostInARow = 0, cancellationToken);
            switch (failed)
            {
                case null:
                    break;
                case (var batch, { } rejection) when StorageFailure.IsRejectedContent(rejection):
                    Divide(batch, rejection);
                    break;
                case (var batch, { } exception):
                    var ambiguous = StorageFailure.IsAmbiguous(exception);
                    if (ambiguous ? ++lostInARow > MaxLostResponses : !IsLostRace(exception))
                    {
                        throw StorageFailure.Unavailable(exception);
                    }
                    var suspect = exception is TableTransactionFailedException { FailedTransactionActionIndex: { } index }
                        ? batch.WriteOf(index)
                        : null;
                    await ReconcileAsync(
                        batch,
                        ambiguous,
                        suspect,
                        giveUp: !ambiguous && ++conflictRounds >= MaxConflictRounds,
                        cancellationToken
                    );
                    break;
            }
        }
        return new WriteReport(_outcomes, _current, _conflicts, _ambiguous) { Versions = _versions };
    }

    private static bool IsLostRace(Exception exception) => StorageFailure.IsConflict(exception) || StorageFailure.IsMissing(exception);

    /// <summary>Sends what is pending until something fails; answers the transaction that did, and why.</summary>
    private async Task<(WriteTransaction Batch, Exception Failure)?> SendAllAsync(Action committed, CancellationToken cancellationToken)
    {
        foreach (var batch in WriteTransaction.Pack(_pending, _status))
        {
            IReadOnlyList<ETag> versions;
            try
            {
                versions = await _table.SendAsync(batch.Actions, cancellationToken);
            }
            catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
            {
                return (batch, e);
            }

            committed();
            var action = 0;
            foreach (var write in batch.Writes)
            {
                // A workflow's own row is the last of its actions.
                action += write.Actions.Count;
                Done(write, WriteOutcome.Committed, versions[action - 1]);
            }
            if (batch.Status is not null)
            {
                _status = null;
            }
        }
        return null;
    }

    /// <summary>
    /// The service takes one of these writes not at all: send smaller transactions until it stands alone, so that it harms no other.
    /// </summary>
    private void Divide(WriteTransaction batch, Exception rejection)
    {
        if (batch.Writes.Count == 0)
        {
            throw StorageFailure.Unavailable(rejection);
        }
        if (batch is { Writes: [var alone], Status: null })
        {
            LogRefused(_logger, alone.Write.After.Target.WorkflowId, (rejection as RequestFailedException)?.ErrorCode);
            Done(alone, WriteOutcome.TooLarge);
            return;
        }
        var named = rejection is TableTransactionFailedException { FailedTransactionActionIndex: { } index } ? batch.WriteOf(index) : null;
        foreach (var write in named is null ? [.. batch.Writes] : (List<PendingWrite>)[named])
        {
            write.MaxTogether = named is null ? Math.Max(1, batch.Writes.Count / 2) : 1;
        }
    }

    private async Task ReconcileAsync(
        WriteTransaction batch,
        bool ambiguous,
        PendingWrite? suspect,
        bool giveUp,
        CancellationToken cancellationToken
    )
    {
        if (ambiguous)
        {
            batch.Writes.ForEach(w => w.MayBeCommitted = true);
            _ambiguous += batch.Writes.Count;
            StorageMetrics.Ambiguous.Add(batch.Writes.Count);
        }
        var leased = _lease is not null && _status is not null;
        if (_pending.Count == 0 && !leased)
        {
            // The shard status alone and without a lease: unconditional, and the same whenever it is committed.
            return;
        }

        var rows = await ReadRowsAsync(cancellationToken);
        var (reconciled, conflicts) = (leased && ReconcileStatus(rows.GetValueOrDefault(""), giveUp, ambiguous) ? 1 : 0, 0);
        foreach (var write in _pending.ToList())
        {
            if (Evaluate(write, rows.GetValueOrDefault(write.Write.After.Target.WorkflowId)) is not { } decision)
            {
                continue;
            }
            reconciled++;
            conflicts += decision is WriteOutcome.Committed ? 0 : 1;
        }
        if (!ambiguous && (giveUp || reconciled == 0))
        {
            // No version has changed and yet the transaction was refused: the suspected writes are left to the next poll, so that the
            // others are written.
            foreach (
                var write in giveUp ? [.. _pending]
                : suspect is null ? [.. batch.Writes]
                : (List<PendingWrite>)[suspect]
            )
            {
                if (giveUp || ++write.Stuck >= MaxStuck)
                {
                    Supersede(write, await BehindHistoryAsync(write, rows[write.Write.After.Target.WorkflowId], cancellationToken));
                    conflicts++;
                }
            }
        }
        _conflicts += conflicts;
        StorageMetrics.Conflicts.Add(conflicts);
        if (ambiguous)
        {
            LogAmbiguousReconciled(_logger, _shard.Key, batch.Writes.Count, reconciled);
        }
        else
        {
            LogConflictReconciled(_logger, _shard.Key, conflicts, _pending.Count);
        }
    }

    /// <summary>
    /// The lease may have expired while its holder still wrote, and be another process's by now. Then the shard status is theirs, and ours
    /// is left out. The observations are written without it, each row on its own condition.
    /// </summary>
    /// <returns>Whether the shard status had changed.</returns>
    private bool ReconcileStatus(TableEntity? row, bool giveUp, bool ambiguous)
    {
        if (!giveUp && row is not null && ShardStatusRow.HolderOf(row) == _lease!.Holder)
        {
            // Still ours; a report of an idle shard is merged into the status without a lease.
            var moved = _status!.ETag != row.ETag;
            _status.ETag = row.ETag;
            return moved;
        }
        // After a lost response the write may be committed, which ends the lease too.
        if (!ambiguous)
        {
            LogLeaseLost(_logger, _shard.Key);
        }
        _status = null;
        return true;
    }

    /// <summary>
    /// The outcome of a write by what the row shows. Null when the row is unchanged since it was read, so that the write is sent (again).
    /// </summary>
    private WriteOutcome? Evaluate(PendingWrite pending, TableEntity? row)
    {
        if (row is null || WorkflowRow.IsPurging(row))
        {
            return Done(pending, WriteOutcome.NotFound);
        }
        if (row.ETag == pending.Version)
        {
            return null;
        }
        if (pending.MayBeCommitted && WorkflowRow.IsFrom(row, pending.Write))
        {
            return Done(pending, WriteOutcome.Committed, row.ETag);
        }
        // A read that saw no change proves no more than the row shows now; a change that another process has stored is not notified again.
        if (!pending.IsChange || WorkflowRow.HashOf(row) == pending.Write.After.Hash)
        {
            return Done(pending, WriteOutcome.AlreadyApplied);
        }
        return Supersede(pending, row);
    }

    /// <summary>
    /// The row of a change that is refused although its version is unchanged. Where the history is ahead of the row, as after an unreadable
    /// row was deleted, the row continues behind it.
    /// </summary>
    private async Task<TableEntity> BehindHistoryAsync(PendingWrite pending, TableEntity row, CancellationToken cancellationToken)
    {
        var after = pending.Write.After;
        if (
            !pending.IsChange
            || await HistoryReader.NewestSequenceAsync(_table, after.Target.WorkflowId, cancellationToken) is var newest
                && newest < after.Sequence
        )
        {
            return row;
        }
        try
        {
            var id = after.Target.WorkflowId;
            var begun = new RowBuilder(row.PartitionKey, row.RowKey).Set(WorkflowRow.Sequence, newest);
            if (
                WorkflowRow.Read(_table, row).Value is { } known
                && await HistoryReader.BehindNotificationsAsync(_table, id, cancellationToken) is { } waiting
                && waiting.Notified > (known.LastNotified?.Notified ?? 0)
            )
            {
                // Notifications from before still wait: the next one goes behind them rather than over one of them.
                var lastNotified = known.LastNotified is { } remembered ? remembered with { Notified = waiting.Notified } : waiting;
                begun.SetJson(WorkflowRow.Standing, lastNotified, StoredJsonContext.Default.LastNotified, known.Unknown);
            }

            var versions = await _table.SendAsync([new(TableTransactionActionType.UpdateMerge, begun.Entity, row.ETag)], cancellationToken);
            foreach (var column in begun.Entity.Keys.Where(column => column is WorkflowRow.Sequence or WorkflowRow.Standing))
            {
                row[column] = begun.Entity[column];
            }

            row.ETag = versions[0];
        }
        catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
        {
            // The next poll finds it again.
        }
        return row;
    }

    private WriteOutcome Supersede(PendingWrite pending, TableEntity row)
    {
        if (WorkflowRow.Read(_table, row).Value is not { } current)
        {
            // It cannot be read any more: the next cycle counts it.
            return Done(pending, WriteOutcome.NotFound);
        }
        _current[pending.Index] = current;
        return Done(pending, WriteOutcome.Conflict);
    }

    private WriteOutcome Done(PendingWrite pending, WriteOutcome outcome, ETag version = default)
    {
        _pending.Remove(pending);
        _versions[pending.Index] = outcome is WriteOutcome.Committed && version != default ? version.ToString() : null;
        return _outcomes[pending.Index] = outcome;
    }

    private async Task<Dictionary<string, TableEntity>> ReadRowsAsync(CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        // The shard status comes right after the workflows; its id is empty.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {_shard.Key} and RowKey ge {RowKeys.ActivePrefix} and RowKey lt {RowKeys.After(RowKeys.ShardStatus)}"
        );
        await foreach (var page in _table.QueryAsync(filter, null, null, null, cancellationToken))
        {
            foreach (var row in page.Values)
            {
                rows[row.RowKey[RowKeys.ActivePrefix.Length..]] = row;
            }
        }
        return rows;
    }

    [LoggerMessage(
        EventId = 2101,
        EventName = "ConflictSettled",
        Level = LogLevel.Information,
        Message = "Shard {Shard}: {Conflicts} writes met another writer's and were reconciled; {Pending} are sent again"
    )]
    private static partial void LogConflictReconciled(ILogger logger, string shard, int conflicts, int pending);

    [LoggerMessage(
        EventId = 2102,
        EventName = "AmbiguousSettled",
        Level = LogLevel.Warning,
        Message = "Shard {Shard}: the response to {Writes} writes was lost; reading back has reconciled {Settled} of them, the rest are "
            + "sent again"
    )]
    private static partial void LogAmbiguousReconciled(ILogger logger, string shard, int writes, int settled);

    [LoggerMessage(
        EventId = 2104,
        EventName = "LeaseLost",
        Level = LogLevel.Warning,
        Message = "Shard {Shard}: its lease ran out before its status was written, and another process has it; the workflows are "
            + "written all the same. Is Polling:LeaseMargin too short?"
    )]
    private static partial void LogLeaseLost(ILogger logger, string shard);

    [LoggerMessage(
        EventId = 2103,
        EventName = "WriteRefused",
        Level = LogLevel.Error,
        Message = "Workflow {WorkflowId}: the table service refuses what was to be stored ({Code})"
    )]
    private static partial void LogRefused(ILogger logger, string workflowId, string? code);
}
