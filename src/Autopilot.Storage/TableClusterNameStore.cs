using Autopilot.Core.Listing;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>Finds clusters by name or id over the rows of clusters and workflows: one range of keys in each shard, which holds no history.</summary>
internal sealed class TableClusterNameStore(StorageTables tables) : IClusterNameStore
{
    private static readonly string[] Columns = ["PartitionKey", "RowKey", .. WorkflowRow.MentionColumns, .. ClusterRow.MentionColumns.Except(WorkflowRow.MentionColumns)];

    private readonly StoredTable _workflows = tables.Workflows;

    public async Task<IReadOnlyList<ClusterMention>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var key = ClusterName.KeyOf(text);
        // Rows that were written before names had a key are found by the name as it is given, or in lower case. Ten comparisons; the service takes fifteen.
        var condition = TableClient.CreateQueryFilter(
            $"ClusterNameKey eq {key} or ClusterId eq {key} or RowKey eq {RowKeys.Cluster(key)} or ClusterName eq {text} or ClusterName eq {key} or Name eq {text} or Name eq {key}");
        var range = TableClient.CreateQueryFilter($" and RowKey ge {RowKeys.ActivePrefix} and RowKey lt {RowKeys.After(RowKeys.FinishedPrefix)}");
        var found = new List<ClusterMention>();
        await ShardScan.ReadAsync(
            _workflows,
            shard => TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key}") + range + $" and ({condition})",
            Columns,
            rows =>
            {
                var mentions = rows.Select(MentionOf).OfType<ClusterMention>().Where(mention => mention.ClusterId == key || (mention.Name is { } name && ClusterName.KeyOf(name) == key)).ToList();
                lock (found)
                {
                    found.AddRange(mentions);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    private static ClusterMention? MentionOf(TableEntity row) =>
        row.RowKey.StartsWith(RowKeys.ClusterPrefix, StringComparison.Ordinal) ? ClusterRow.MentionOf(row)
        : row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal) ? WorkflowRow.MentionOf(row, isActive: true)
        : row.RowKey.StartsWith(RowKeys.FinishedPrefix, StringComparison.Ordinal) ? WorkflowRow.MentionOf(row, isActive: false)
        : null;
}
