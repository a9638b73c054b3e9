using Autopilot.Core.Tracking;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage;

/// <summary>The shards' boards, in the workflows' own partitions.</summary>
internal sealed class TableShardBoards(StorageTables tables, ILogger<TableShardBoards> logger) : IShardBoards
{
    /// <summary>Pages of a glance: one, unless the service gives empty ones.</summary>
    private const int MaxPages = 3;

    private const int MaxLostAnswers = 3;

    private readonly StoredTable _workflows = tables.Workflows;

    public async Task<IReadOnlyList<ShardBoard?>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var rows = await Task.WhenAll(Shard.All.Select(shard => _workflows.ReadAsync(BoardRow.Format, shard.Key, RowKeys.Board, cancellationToken))).ConfigureAwait(false);
        return [.. rows.Select(row => row.Unreadable is { } unreadable ? new ShardBoard { Unreadable = 1, IsNewer = unreadable.IsNewer } : row.Value)];
    }

    public async Task<ShardGlance> GlanceAsync(Shard shard, CancellationToken cancellationToken)
    {
        // Two rows tell: either the first is no board, or a second follows it, or there is nothing but the board.
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and RowKey ge {RowKeys.CycleFrom} and RowKey lt {RowKeys.CycleTo}");
        ShardBoard? board = null;
        var pages = 0;
        await foreach (var page in _workflows.QueryAsync(filter, 2, null, null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in page.Values)
            {
                if (row.RowKey != RowKeys.Board)
                {
                    return new ShardGlance(IsEmpty: false, null);
                }
                board = _workflows.Read(BoardRow.Format, row).Value;
                if (board is null)
                {
                    // Whoever polls the shard finds out what is to be done about it.
                    return new ShardGlance(IsEmpty: false, null);
                }
            }
            if (++pages == MaxPages && page.ContinuationToken is not null)
            {
                return new ShardGlance(IsEmpty: false, null);
            }
        }
        return new ShardGlance(IsEmpty: true, board);
    }

    public Task WriteAsync(Shard shard, ShardBoard board, CancellationToken cancellationToken) => new ShardWrite(_workflows, shard, [], board, logger).RunAsync(cancellationToken);

    public async Task<ShardBoard?> TakeLeaseAsync(Shard shard, ShardBoard? board, ShardLease lease, CancellationToken cancellationToken)
    {
        var row = BoardRow.OfLease(shard, lease);
        for (var lost = 1; ; lost++)
        {
            try
            {
                var action = board is null ? new TableTransactionAction(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateMerge, row, BoardRow.VersionOf(board));
                var version = await _workflows.SendAsync([action], cancellationToken).ConfigureAwait(false);
                return Leased(board, lease, version[0]);
            }
            catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken) && (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e)) && lost == 1)
            {
                StorageMetrics.Conflicts.Add(1);
                return null;
            }
            catch (Exception e) when (StorageFailure.IsOne(e, cancellationToken))
            {
                if (!StorageFailure.IsAmbiguous(e) && !StorageFailure.IsConflict(e) && !StorageFailure.IsMissing(e))
                {
                    throw StorageFailure.Unavailable(e);
                }
                // It may have landed, now or the last time: the holder in the row tells whose it is.
                StorageMetrics.Ambiguous.Add(1);
                var now = await _workflows.GetAsync(shard.Key, RowKeys.Board, cancellationToken).ConfigureAwait(false);
                if (now is not null && BoardRow.HolderOf(now) == lease.Holder)
                {
                    return Leased(board, lease, now.ETag);
                }
                if (now?.ETag.ToString() != board?.Version)
                {
                    return null;
                }
                if (lost == MaxLostAnswers)
                {
                    throw StorageFailure.Unavailable(e);
                }
            }
        }
    }

    private static ShardBoard Leased(ShardBoard? board, ShardLease lease, ETag version) => (board ?? new ShardBoard()) with { Lease = lease, Version = version.ToString() };
}
