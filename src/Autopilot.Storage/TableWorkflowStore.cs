using Autopilot.Core.Notifications;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Autopilot.Storage.Writing;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage;

/// <summary>The workflows' rows in Azure Table Storage, active and ended, with their states.</summary>
internal sealed class TableWorkflowStore(
    StorageTables tables,
    ILogger<TableWorkflowStore> logger,
    OutboxSchedule? outbox = null,
    TimeProvider? clock = null
) : IShardReader, IWorkflowReader, IObservationStore, ITrackingStore, IHistoryStore, IDisposable
{
    private readonly StoredTable _workflows = tables.Workflows;
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly WorkflowLifecycle _lifecycle = new(tables.Workflows, tables.Runs);
    private readonly RecentRows _recent = new(tables.Workflows);

    public async Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken)
    {
        var workflows = new List<TrackedWorkflow>();
        ShardStatus? status = null;
        List<TrackedCluster> clusters = [];
        List<TrackedProject> projects = [];
        var unreadable = 0;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {shard.Key} and RowKey ge {RowKeys.CycleFrom} and RowKey lt {RowKeys.CycleTo}"
        );
        await foreach (var page in _workflows.QueryAsync(filter, null, null, null, cancellationToken))
        {
            foreach (var row in page.Values)
            {
                if (row.RowKey == RowKeys.ShardStatus)
                {
                    status = ReadStatus(row, out var damaged);
                    unreadable += damaged ? 1 : 0;
                }
                else if (row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal))
                {
                    Add(WorkflowRow.Read(_workflows, row), workflow => !workflow.Purging, workflows);
                }
                else if (row.RowKey.StartsWith(RowKeys.ClusterPrefix, StringComparison.Ordinal))
                {
                    Add(_workflows.Read(ClusterRow.Format, row), cluster => cluster.Tracked, clusters);
                }
                else if (row.RowKey.StartsWith(RowKeys.ProjectPrefix, StringComparison.Ordinal))
                {
                    Add(_workflows.Read(ProjectRow.Format, row), project => project.Tracked, projects);
                }
            }
        }
        return new ShardContents(workflows, status)
        {
            Clusters = clusters,
            Projects = projects,
            Unreadable = unreadable,
        };

        void Add<T>(RowRead<T> row, Func<T, bool> counts, List<T> rows)
            where T : class
        {
            unreadable += row.Unreadable is null ? 0 : 1;
            if (row.Value is { } value && counts(value))
            {
                rows.Add(value);
            }
        }
    }

    /// <summary>
    /// An unreadable shard status counts as none: the next write replaces it. One of a newer version is not overwritten, and so its shard
    /// is not polled.
    /// </summary>
    /// <exception cref="RowUnreadableException">A newer version wrote it.</exception>
    private ShardStatus ReadStatus(TableEntity row, out bool damaged)
    {
        var read = _workflows.Read(ShardStatusRow.Format, row);
        damaged = read.Unreadable is { IsFromNewerVersion: false };
        return damaged ? new ShardStatus { ETag = row.ETag.ToString() } : read.ValueOrThrow()!;
    }

    public async Task<WriteReport> WriteAsync(
        Shard shard,
        IReadOnlyList<WorkflowWrite> writes,
        ShardStatus? status,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await new ShardWriter(_workflows, shard, writes, status, logger).RunAsync(cancellationToken);
        }
        finally
        {
            // Even where the write failed: it may be committed.
            if (writes.Any(write => write.Notification is not null))
            {
                outbox?.MarkWritten(shard);
            }
        }
    }

    public Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken) =>
        _lifecycle.FinishAsync(finished, run, cancellationToken);

    public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken) =>
        WorkflowLifecycle.FindAsync(workflowId, (partition, key) => _recent.ReadAsync(partition, key, cancellationToken));

    public Task<TrackResult> TrackAsync(
        WorkflowTarget target,
        string? clusterName,
        DateTimeOffset now,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) => _lifecycle.TrackAsync(target, clusterName, now, onlyIfUnknown, cancellationToken);

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) =>
        _lifecycle.UntrackAsync(workflowId, cancellationToken);

    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) =>
        _lifecycle.PurgeAsync(workflowId, cancellationToken);

    public Task<Core.Paging.Page<HistoryEntry>> ReadHistoryAsync(
        string workflowId,
        DateTimeOffset? from,
        DateTimeOffset? to,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    )
    {
        var prefix = RowKeys.HistoryPrefix(workflowId);
        var query = FormattableString.Invariant($"history {workflowId} {from:O} {to:O}");
        var begin = ContinuationToken.Decode(continuationToken, query) is { } after
            ? RowKeys.History(
                workflowId,
                RowKeys.IsSequence(after.Number)
                    ? after.Number
                    : throw new InvalidContinuationTokenException("The continuation token names no state.")
            )
            : prefix;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {RowKeys.PartitionOf(workflowId)} and RowKey gt {begin} and RowKey lt {RowKeys.After(prefix)}"
        );
        if (from is { } first)
        {
            filter += TableClient.CreateQueryFilter($" and ObservedAt ge {RowBuilder.Storable(first)}");
        }
        if (to is { } end)
        {
            filter += TableClient.CreateQueryFilter($" and ObservedAt lt {RowBuilder.Storable(end)}");
        }
        return PageReader.ReadAsync(
            PagesAsync(),
            pageSize,
            row => _workflows.Read(HistoryRow.EntryFormat, row),
            row => ContinuationToken.Encode(query, new SortKey(0, "", RowKeys.SequenceOf(row.RowKey), workflowId)),
            _clock,
            cancellationToken
        );

        async IAsyncEnumerable<IReadOnlyList<TableEntity>> PagesAsync()
        {
            await foreach (
                var page in _workflows.QueryAsync(filter, Math.Min(1000, pageSize + 1), HistoryRow.EntryColumns, null, cancellationToken)
            )
            {
                yield return page.Values;
            }
        }
    }

    public async Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken) =>
        RowKeys.IsSequence(sequence)
            ? (
                await _workflows.ReadAsync(
                    HistoryRow.StateFormat,
                    RowKeys.PartitionOf(workflowId),
                    RowKeys.History(workflowId, sequence),
                    cancellationToken
                )
            ).ValueOrThrow()
            : null;

    public void Dispose() => _recent.Dispose();
}
