using Autopilot.Core.Rows;

namespace Autopilot.Api.Problems;

/// <summary>Where a stored row is that cannot be read.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Table">The table's name.</param>
/// <param name="PartitionKey">Its partition key.</param>
/// <param name="RowKey">Its key within the partition.</param>
/// <param name="Newer">Whether a newer version wrote it: then it is whole, and this version does not replace it.</param>
internal sealed record ProblemRow(string Kind, string Table, string PartitionKey, string RowKey, bool Newer)
{
    public static ProblemRow Of(UnreadableRow row) =>
        new(row.Kind.ToString(), row.Table, row.PartitionKey, row.RowKey, row.IsFromNewerVersion);
}
