using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Autopilot.Storage.Writing;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage.FanOut;

/// <summary>Stores the shard statuses, in the partitions of the workflows.</summary>
internal sealed class TableShardStatusStore(StorageTables tables, ILogger<TableShardStatusStore> logger) : IShardStatusStore
{
    /// <summary>Pages that a peek reads: one, unless the service returns empty ones.</summary>
    private const int MaxPages = 3;

    private const int MaxLostResponses = 3;

    private readonly StoredTable _workflows = tables.Workflows;

    public async Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var rows = await Task.WhenAll(
            Shard.All.Select(shard => _workflows.ReadAsync(ShardStatusRow.Format, shard.Key, RowKeys.ShardStatus, cancellationToken))
        );
        return
        [
            .. rows.Select(row =>
                row.Unreadable is { } unreadable ? new ShardStatus { Unreadable = 1, IsNewer = unreadable.IsFromNewerVersion } : row.Value
            ),
        ];
    }

    public async Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken)
    {
        // Two keys suffice: either the first is no shard status, or a second follows it, or the shard has only its status.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {shard.Key} and RowKey ge {RowKeys.CycleFrom} and RowKey lt {RowKeys.CycleTo}"
        );
        ShardStatus? status = null;
        var pages = 0;
        await foreach (var page in _workflows.QueryAsync(filter, 2, null, null, cancellationToken))
        {
            foreach (var row in page.Values)
            {
                if (row.RowKey != RowKeys.ShardStatus)
                {
                    return new ShardPeek(IsEmpty: false, null);
                }
                status = _workflows.Read(ShardStatusRow.Format, row).Value;
                if (status is null)
                {
                    // Its poller decides what to do about it.
                    return new ShardPeek(IsEmpty: false, null);
                }
            }
            if (++pages == MaxPages && page.ContinuationToken is not null)
            {
                return new ShardPeek(IsEmpty: false, null);
            }
        }
        return new ShardPeek(IsEmpty: true, status);
    }

    public Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken) =>
        new ShardWriter(_workflows, shard, [], status, logger).RunAsync(cancellationToken);

    public async Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken)
    {
        var row = ShardStatusRow.OfLease(shard, lease);
        for (var lost = 1; ; lost++)
        {
            try
            {
                var action = status is null
                    ? new TableTransactionAction(TableTransactionActionType.Add, row)
                    : new(TableTransactionActionType.UpdateMerge, row, ShardStatusRow.VersionOf(status));
                var version = await _workflows.SendAsync([action], cancellationToken);
                return Leased(status, lease, version[0]);
            }
            catch (Exception e)
                when (StorageFailure.IsOne(e, cancellationToken)
                    && (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
                    && lost == 1
                )
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
                // It may be committed, by this attempt or the one before: the holder in the row shows whose lease it is.
                StorageMetrics.Ambiguous.Add(1);
                var now = await _workflows.GetAsync(shard.Key, RowKeys.ShardStatus, cancellationToken);
                if (now is not null && ShardStatusRow.HolderOf(now) == lease.Holder)
                {
                    return Leased(status, lease, now.ETag);
                }
                if (now?.ETag.ToString() != status?.ETag)
                {
                    return null;
                }
                if (lost == MaxLostResponses)
                {
                    throw StorageFailure.Unavailable(e);
                }
            }
        }
    }

    private static ShardStatus Leased(ShardStatus? status, ShardLease lease, ETag version) =>
        (status ?? new ShardStatus()) with
        {
            Lease = lease,
            ETag = version.ToString(),
        };
}
