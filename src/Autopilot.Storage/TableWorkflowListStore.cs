using System.Runtime.CompilerServices;
using Autopilot.Core.Listing;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>
/// What lists of workflows are made of, in Azure Table Storage. It reads shards of the workflows' table, and the runs' table for the order
/// of what has finished.
/// </summary>
internal sealed class TableWorkflowListStore(StorageTables tables, TimeProvider? clock = null) : IWorkflowListStore
{
    private readonly StoredTable _workflows = tables.Workflows;

    public Task ReadAsync(WorkflowQuery query, Action<IReadOnlyList<TrackedWorkflow>, int> take, CancellationToken cancellationToken)
    {
        var conditions = ConditionsOf(query);
        var range = query.Active switch
        {
            true => RangeOf(RowKeys.ActivePrefix, RowKeys.ActivePrefix),
            false => RangeOf(RowKeys.FinishedPrefix, RowKeys.FinishedPrefix)
                + TableClient.CreateQueryFilter($" and not (Tracked eq {true})"),
            // One range of keys: with alternatives of keys the service would read the whole partition. Rows between the two kinds are
            // skipped here.
            null => RangeOf(RowKeys.ActivePrefix, RowKeys.FinishedPrefix)
                + TableClient.CreateQueryFilter($" and not (RowKey ge {RowKeys.ShardStatus} and Tracked eq {true})"),
        };
        return ShardScan.ReadAsync(
            _workflows,
            shard => TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and ") + range + conditions,
            null,
            rows =>
            {
                var (found, unreadable) = (new List<TrackedWorkflow>(rows.Count), 0);
                foreach (var row in rows)
                {
                    if (IsWorkflow(row))
                    {
                        var read = Read(row);
                        unreadable += read.Unreadable ? 1 : 0;
                        if (read.Workflow is { } workflow)
                        {
                            found.Add(workflow);
                        }
                    }
                }
                take(found, unreadable);
            },
            cancellationToken
        );
    }

    public async IAsyncEnumerable<FinishedEntry> ReadFinishedAsync(
        WorkflowQuery query,
        FinishedEntry? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<string> conditions = [];
        if (after is not null)
        {
            conditions.Add(TableClient.CreateQueryFilter($"RowKey gt {RunRow.KeyOf(after.EndedAt, after.WorkflowId)}"));
        }
        conditions.AddRange(RunRow.ConditionsOf(query));
        var last = after is null ? RunScan.LastMonth : RunRow.MonthOf(after.EndedAt);
        var current = RunRow.MonthOf((clock ?? TimeProvider.System).GetUtcNow());
        var scan = new RunScan(tables.Runs, string.Join(" and ", conditions), RunRow.EntryColumns);
        await foreach (var page in scan.ReadAsync(RunScan.FirstMonth, last, current, MaxPage, cancellationToken))
        {
            foreach (var row in page)
            {
                if (RunRow.ReadEntry(tables.Runs, row) is { } entry)
                {
                    yield return entry;
                }
            }
        }
    }

    public async Task<ListedRow> FindFinishedAsync(string workflowId, CancellationToken cancellationToken) =>
        await _workflows.GetAsync(RowKeys.PartitionOf(workflowId), RowKeys.Finished(workflowId), cancellationToken) is { } row
            ? Read(row)
            : default;

    public async Task<IReadOnlySet<string>> ReadFinishedIdsAsync(CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await ShardScan.ReadAsync(
            _workflows,
            shard =>
                TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and ")
                + RangeOf(RowKeys.FinishedPrefix, RowKeys.FinishedPrefix),
            ["RowKey"],
            rows =>
            {
                lock (ids)
                {
                    ids.UnionWith(rows.Select(row => row.RowKey[RowKeys.FinishedPrefix.Length..]));
                }
            },
            cancellationToken
        );
        return ids;
    }

    public async IAsyncEnumerable<TrackedWorkflow> ReadFinishedRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var shard in Shard.All)
        {
            var filter =
                TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and ")
                + RangeOf(RowKeys.FinishedPrefix, RowKeys.FinishedPrefix);
            await foreach (var page in _workflows.QueryAsync(filter, null, null, null, cancellationToken))
            {
                foreach (var row in page.Values)
                {
                    if (Read(row).Workflow is { } workflow)
                    {
                        yield return workflow;
                    }
                }
            }
        }
    }

    private const int MaxPage = 1000;

    private static bool IsWorkflow(TableEntity row) =>
        row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal)
        || row.RowKey.StartsWith(RowKeys.FinishedPrefix, StringComparison.Ordinal);

    private static string RangeOf(string from, string through) =>
        TableClient.CreateQueryFilter($"RowKey ge {from} and RowKey lt {RowKeys.After(through)}");

    private static string ConditionsOf(WorkflowQuery query)
    {
        var conditions = query.ProjectId is { } project ? TableClient.CreateQueryFilter($" and ProjectId eq {project}") : "";
        return conditions
            + And(FilterBuilder.AnyOf(WorkflowRow.ClusterId, query.ClusterId))
            + And(FilterBuilder.AnyOf(WorkflowRow.Phase, query.Phase))
            + And(FilterBuilder.OfCluster(query));

        static string And(string? condition) => condition is null ? "" : $" and {condition}";
    }

    /// <summary>A row as lists show it. One that is being purged is left out, readable or not.</summary>
    private ListedRow Read(TableEntity row)
    {
        var read = WorkflowRow.Read(_workflows, row);
        return read.Value is { Purging: true } ? default : new ListedRow(read.Value, read.Unreadable is not null);
    }
}
