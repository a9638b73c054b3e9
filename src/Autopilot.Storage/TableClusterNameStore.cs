using Autopilot.Core.Listing;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>
/// Finds clusters by name or id over the rows of clusters and workflows: one range of keys in each shard, which holds no history.
/// </summary>
internal sealed class TableClusterNameStore(StorageTables tables) : IClusterNameStore
{
    private static readonly string[] Columns =
    [
        "PartitionKey",
        "RowKey",
        .. WorkflowRow.MentionColumns,
        .. ClusterRow.MentionColumns.Except(WorkflowRow.MentionColumns),
    ];

    /// <summary>The largest page: the columns are few and short, so that old rows by the hundred cost no further read.</summary>
    private const int FirstPage = 1000;

    private readonly StoredTable _workflows = tables.Workflows;

    public async Task<IReadOnlyList<ClusterMention>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var key = ClusterName.KeyOf(text);
        var condition =
            TableClient.CreateQueryFilter($"ClusterNameKey eq {key} or ClusterId eq {key} or RowKey eq {RowKeys.Cluster(key)}")
            + TableClient.CreateQueryFilter($" or ClusterName eq {text} or ClusterName eq {key} or Name eq {text} or Name eq {key}")
            + WithoutKey(key);
        var range = TableClient.CreateQueryFilter(
            $" and RowKey ge {RowKeys.ActivePrefix} and RowKey lt {RowKeys.After(RowKeys.FinishedPrefix)}"
        );
        var found = new List<ClusterMention>();
        await ShardScan.ReadAsync(
            _workflows,
            shard => TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key}") + range + $" and ({condition})",
            Columns,
            rows =>
            {
                var mentions = rows.Select(MentionOf)
                    .OfType<ClusterMention>()
                    .Where(mention => mention.ClusterId == key || (mention.Name is { } name && ClusterName.KeyOf(name) == key))
                    .ToList();
                lock (found)
                {
                    found.AddRange(mentions);
                }
            },
            cancellationToken,
            FirstPage
        );
        return found;
    }

    /// <summary>
    /// Rows of workflows that were written before names had a key: no comparison is true of a column that a row does not have. They are
    /// compared in memory. Every spelling of a name lies between its upper and its lower case and begins with the one letter or the other.
    /// Other names of these ranges are few. With it the filter has fifteen comparisons, as many as the service takes.
    /// </summary>
    private static string WithoutKey(string key)
    {
        var upper = key.ToUpperInvariant();
        var (upperThenLower, lowerThenUpper) = (
            string.Concat(upper.AsSpan(0, 1), key.AsSpan(1)),
            string.Concat(key.AsSpan(0, 1), upper.AsSpan(1))
        );
        return TableClient.CreateQueryFilter($" or not (ClusterNameKey gt {""})")
            + TableClient.CreateQueryFilter($" and (ClusterName ge {upper} and ClusterName le {upperThenLower}")
            + TableClient.CreateQueryFilter($" or ClusterName ge {lowerThenUpper} and ClusterName le {key})");
    }

    private static ClusterMention? MentionOf(TableEntity row) =>
        row.RowKey.StartsWith(RowKeys.ClusterPrefix, StringComparison.Ordinal) ? ClusterRow.MentionOf(row)
        : row.RowKey.StartsWith(RowKeys.ActivePrefix, StringComparison.Ordinal) ? WorkflowRow.MentionOf(row, isActive: true)
        : row.RowKey.StartsWith(RowKeys.FinishedPrefix, StringComparison.Ordinal) ? WorkflowRow.MentionOf(row, isActive: false)
        : null;
}
