using System.Runtime.CompilerServices;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Autopilot.Storage.Writing;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>What retention reads and deletes in Azure Table Storage.</summary>
internal sealed class TableRetentionStore(StorageTables tables) : IRetentionStore
{
    private const int MaxTogether = 100;

    /// <summary>Consecutive batches whose response was lost, or whose runs another process was deleting.</summary>
    private const int MaxLost = 10;

    private static readonly string[] Columns =
    [
        "PartitionKey",
        "RowKey",
        RowFormat<RetainedRow>.VersionColumn,
        WorkflowRow.Purging,
        WorkflowRow.Tracked,
        WorkflowRow.Sequence,
        WorkflowRow.EndedAt,
        WorkflowRow.ObservedAt,
        WorkflowRow.StatesFrom,
    ];

    private static readonly RowFormat<RetainedRow> Format = new(
        StoredRowKind.Workflow,
        Columns,
        row => new RetainedRow(
            row.RequiredFlag(WorkflowRow.Tracked),
            row.RequiredWhole(WorkflowRow.Sequence),
            row.Time(WorkflowRow.EndedAt),
            row.Time(WorkflowRow.ObservedAt),
            row.Whole(WorkflowRow.StatesFrom) ?? 1
        ),
        WorkflowRow.IdOf
    );

    private readonly StoredTable _workflows = tables.Workflows;
    private readonly StoredTable _runs = tables.Runs;
    private readonly WorkflowLifecycle _lifecycle = new(tables.Workflows, tables.Runs);

    public async IAsyncEnumerable<ExpiredWorkflow> FindExpiredAsync(
        Shard shard,
        RetentionLimits limits,
        UnreadableCount unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Two ranges and not one condition over both: history lies beside them and must not be read along.
        foreach (
            var filter in (string[])
                [
                    Range(shard, RowKeys.FinishedPrefix) + Over(limits),
                    Range(shard, RowKeys.ActivePrefix) + TableClient.CreateQueryFilter($" and Purging eq {true}"),
                ]
        )
        {
            await foreach (var page in _workflows.QueryAsync(filter, null, Columns, null, cancellationToken))
            {
                foreach (var row in page.Values)
                {
                    if (Evaluate(row, limits, unreadable) is { } expired)
                    {
                        yield return expired;
                    }
                }
            }
        }
    }

    public Task<bool> DeleteAsync(ExpiredWorkflow expired, CancellationToken cancellationToken) =>
        expired.Reason is ExpiryReason.Ended or ExpiryReason.PurgeInterrupted
            ? _lifecycle.PurgeExpiredAsync(expired, cancellationToken)
            : _lifecycle.TrimAsync(expired, cancellationToken);

    public async Task<long> CountRunsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var page in _runs.QueryAsync(RunsBefore(endedBefore), null, ["RowKey"], null, cancellationToken))
        {
            count += page.Values.Count;
        }
        return count;
    }

    public async IAsyncEnumerable<int> DeleteRunsAsync(
        DateTimeOffset endedBefore,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lost = 0;
        for (var again = true; again; )
        {
            again = false;
            await foreach (var page in _runs.QueryAsync(RunsBefore(endedBefore), null, ["PartitionKey", "RowKey"], null, cancellationToken))
            {
                foreach (var some in page.Values.GroupBy(row => row.PartitionKey).SelectMany(month => month.Chunk(MaxTogether)))
                {
                    if (await DeleteTogetherAsync(some, ++lost > MaxLost, cancellationToken))
                    {
                        lost = 0;
                        yield return some.Length;
                    }
                    else
                    {
                        again = true;
                    }
                }
            }
        }
    }

    public async Task<RetentionRecord?> ReadLastAsync(CancellationToken cancellationToken) =>
        (await _runs.ReadAsync(RetentionRow.Format, RetentionRow.PartitionKey, RetentionRow.RowKey, cancellationToken)).Value;

    public Task WriteLastAsync(RetentionRecord record, CancellationToken cancellationToken) =>
        _runs.PutAsync(RetentionRow.Format, RetentionRow.Of(record), null, hasRead: false, cancellationToken);

    private static string Range(Shard shard, string prefix) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}");

    /// <summary>
    /// Lets the service leave out what is young. Where states are counted it cannot: two columns would have to be compared.
    /// </summary>
    private static string Over(RetentionLimits limits) =>
        limits switch
        {
            { MaxStates: not null } => "",
            { HistoryBefore: { } before } => Over(RowBuilder.Storable(before)),
            _ => TableClient.CreateQueryFilter($" and Purging eq {true}"),
        };

    private static string Over(DateTimeOffset before) =>
        TableClient.CreateQueryFilter(
            $" and (Purging eq {true} or EndedAt lt {before} or (Tracked eq {false} and ObservedAt lt {before}))"
        );

    private ExpiredWorkflow? Evaluate(TableEntity row, RetentionLimits limits, UnreadableCount unreadable)
    {
        if (WorkflowRow.IsPurging(row))
        {
            var last = WorkflowRow.SequenceOf(row);
            return new(WorkflowRow.IdOf(row), ExpiryReason.PurgeInterrupted, null, last, last, last, row.ETag.ToString());
        }
        if (!row.RowKey.StartsWith(RowKeys.FinishedPrefix, StringComparison.Ordinal))
        {
            return null;
        }
        if (_workflows.Read(Format, row).Value is not { } found)
        {
            // What cannot be read is not deleted for its age.
            unreadable.Add();
            return null;
        }
        var (sequence, endedAt) = (found.Sequence, found.EndedAt);
        var from = Math.Max(1, found.StatesFrom);
        ExpiredWorkflow? Gone(ExpiryReason reason, long upTo) =>
            new(WorkflowRow.IdOf(row), reason, endedAt, Math.Max(0, upTo - from + 1), upTo, sequence, row.ETag.ToString());

        if (found.Tracked && endedAt < limits.HistoryBefore)
        {
            return Gone(ExpiryReason.Ended, sequence);
        }
        // However it stands: the row of what a person untracked is the only thing that keeps it from being found again.
        if (!found.Tracked && (endedAt ?? found.ObservedAt) < limits.HistoryBefore)
        {
            return from <= sequence ? Gone(ExpiryReason.Untracked, sequence) : null;
        }
        return sequence - limits.MaxStates is { } upTo && from <= upTo ? Gone(ExpiryReason.TooManyStates, upTo) : null;
    }

    /// <summary>Months come first in key order, before every other partition of the table.</summary>
    private static string RunsBefore(DateTimeOffset endedBefore) =>
        TableClient.CreateQueryFilter($"PartitionKey le {RunRow.PartitionOf(DateOnly.FromDateTime(endedBefore.UtcDateTime))}")
        + TableClient.CreateQueryFilter($" and EndedAt lt {RowBuilder.Storable(endedBefore)}");

    /// <returns>False when the response was lost, or another process deletes too: the rest must be read again.</returns>
    private async Task<bool> DeleteTogetherAsync(IReadOnlyCollection<TableEntity> rows, bool last, CancellationToken cancellationToken)
    {
        try
        {
            await _runs.SendAsync(
                [
                    .. rows.Select(row => new TableTransactionAction(
                        TableTransactionActionType.Delete,
                        new TableEntity(row.PartitionKey, row.RowKey),
                        Azure.ETag.All
                    )),
                ],
                cancellationToken
            );
            return true;
        }
        catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
        {
            if (last || !(StorageFailure.IsAmbiguous(e) || StorageFailure.IsMissing(e)))
            {
                throw StorageFailure.Unavailable(e);
            }
            return false;
        }
    }

    /// <summary>What retention must know of a workflow's row.</summary>
    private sealed record RetainedRow(bool Tracked, long Sequence, DateTimeOffset? EndedAt, DateTimeOffset? ObservedAt, long StatesFrom);
}
