using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage;

/// <summary>The tracker's memory in Azure Table Storage.</summary>
internal sealed partial class TableWorkflowStore(StorageTables tables, ILogger<TableWorkflowStore> logger, OutboxWatch? outbox = null) : IWorkflowStore, IDisposable
{
    /// <summary>Pages of a history that a request reads: it has looked for the workflow's own row before.</summary>
    private const int MaxHistoryPages = 3;

    private readonly StoredTable _workflows = tables.Workflows;
    private readonly WorkflowMoves _moves = new(tables.Workflows, tables.Runs, tables.Occupied);
    private readonly RecentRows _recent = new(tables.Workflows);

    public async Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken)
    {
        var workflows = new List<TrackedWorkflow>();
        ShardBoard? board = null;
        List<TrackedCluster> clusters = [];
        List<TrackedProject> projects = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and RowKey ge {RowKeys.CycleFrom} and RowKey lt {RowKeys.CycleTo}");
        await foreach (var page in _workflows.QueryAsync(filter, null, null, null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in page.Values)
            {
                if (row.RowKey == RowKeys.Board)
                {
                    board = BoardRow.Read(row);
                }
                else if (row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal) && !WorkflowRow.IsPurging(row) && TryRead(row) is { } workflow)
                {
                    workflows.Add(workflow);
                }
                else if (row.RowKey.StartsWith(RowKeys.ClusterPrefix, StringComparison.Ordinal) && TableClusterStore.TryRead(row, ClusterRow.Read, logger) is { Tracked: true } cluster)
                {
                    clusters.Add(cluster);
                }
                else if (row.RowKey.StartsWith(RowKeys.ProjectPrefix, StringComparison.Ordinal) && TableClusterStore.TryRead(row, ProjectRow.Read, logger) is { Tracked: true } project)
                {
                    projects.Add(project);
                }
            }
        }
        return new ShardContents(workflows, board) { Clusters = clusters, Projects = projects };
    }

    public async Task<WriteReport> WriteAsync(Shard shard, IReadOnlyList<WorkflowWrite> writes, ShardBoard? board, CancellationToken cancellationToken)
    {
        if (board is not null)
        {
            // A cycle: there is one soon after every start.
            await tables.Occupied.KnowAsync(cancellationToken).ConfigureAwait(false);
        }
        try
        {
            return await new ShardWrite(_workflows, shard, writes, board, logger).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Even where the write failed: it may have landed.
            if (writes.Any(write => write.Notification is not null))
            {
                outbox?.Wrote(shard);
            }
        }
    }

    public Task FinishAsync(TrackedWorkflow finished, FinishedRun run, CancellationToken cancellationToken) => _moves.FinishAsync(finished, run, cancellationToken);

    public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken) =>
        WorkflowMoves.FindAsync(workflowId, (partition, key) => _recent.ReadAsync(partition, key, cancellationToken));

    public Task<TrackResult> TrackAsync(WorkflowTarget target, string? clusterName, DateTimeOffset now, bool onlyIfUnknown, CancellationToken cancellationToken) =>
        _moves.TrackAsync(target, clusterName, now, onlyIfUnknown, cancellationToken);

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) => _moves.UntrackAsync(workflowId, cancellationToken);

    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) => _moves.PurgeAsync(workflowId, cancellationToken);

    public Task<Core.Tracking.Page<TrackedWorkflow>> ListAsync(WorkflowQuery query, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        string[] prefixes = query.Active switch
        {
            true => [RowKeys.ActivePrefix],
            false => [RowKeys.FinishedPrefix],
            null => [RowKeys.ActivePrefix, RowKeys.FinishedPrefix],
        };
        var ranges = prefixes.SelectMany(prefix => Shard.All.Select(shard => (prefix, shard, Filter(shard.Key, prefix, query)))).ToList();
        var whole = query is { ClusterId: null, ProjectId: null, Phase: null };
        return tables.Occupied.ListAsync(ranges, whole, pageSize, continuationToken, row => WorkflowRow.IsPurging(row) ? null : TryRead(row), cancellationToken);
    }

    public Task<Core.Tracking.Page<HistoryEntry>> ReadHistoryAsync(string workflowId, DateTimeOffset? from, DateTimeOffset? to, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var prefix = RowKeys.HistoryPrefix(workflowId);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {RowKeys.PartitionOf(workflowId)} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}");
        if (from is { } first)
        {
            filter += TableClient.CreateQueryFilter($" and ObservedAt ge {RowBuilder.Storable(first)}");
        }
        if (to is { } end)
        {
            filter += TableClient.CreateQueryFilter($" and ObservedAt lt {RowBuilder.Storable(end)}");
        }
        return RangeReader.ReadAsync<HistoryEntry>(
            _workflows, filter, [filter], HistoryRow.EntryColumns, pageSize, ContinuationToken.Decode(continuationToken, filter, 1), MaxHistoryPages, HistoryRow.ReadEntry, null, null, cancellationToken);
    }

    public async Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken) =>
        RowKeys.IsSequence(sequence) && await _workflows.GetAsync(RowKeys.PartitionOf(workflowId), RowKeys.History(workflowId, sequence), cancellationToken).ConfigureAwait(false) is { } row
            ? HistoryRow.ReadState(row)
            : null;

    public async Task<IReadOnlyList<ShardBoard?>> ReadBoardsAsync(CancellationToken cancellationToken)
    {
        var rows = await Task.WhenAll(Shard.All.Select(shard => _workflows.GetAsync(shard.Key, RowKeys.Board, cancellationToken))).ConfigureAwait(false);
        return [.. rows.Select(row => row is null ? null : BoardRow.Read(row))];
    }

    public void Dispose() => _recent.Dispose();

    private static string Filter(string shard, string prefix, WorkflowQuery query)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {prefix} and RowKey lt {RowKeys.After(prefix)}");
        filter += query.ClusterId is { } cluster ? TableClient.CreateQueryFilter($" and ClusterId eq {cluster}") : "";
        filter += query.ProjectId is { } project ? TableClient.CreateQueryFilter($" and ProjectId eq {project}") : "";
        filter += query.Phase is { } phase ? TableClient.CreateQueryFilter($" and Phase eq {phase}") : "";
        return filter;
    }

    /// <summary>A row that cannot be read must not stop the others: it is left out, loudly.</summary>
    private TrackedWorkflow? TryRead(TableEntity row)
    {
        try
        {
            return WorkflowRow.Read(row);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidDataException or FormatException or ArgumentException)
        {
            LogUnreadable(e, row.PartitionKey, row.RowKey);
            return null;
        }
    }

    [LoggerMessage(EventId = 2201, EventName = "RowUnreadable", Level = LogLevel.Error, Message = "Row {PartitionKey}/{RowKey} cannot be read and is left out")]
    private partial void LogUnreadable(Exception exception, string partitionKey, string rowKey);
}
