namespace Autopilot.Core.Rows;

/// <summary>A stored row that this version cannot read: it is damaged, or a newer version wrote it.</summary>
/// <param name="Kind">What the row holds.</param>
/// <param name="Table">The table's name.</param>
/// <param name="PartitionKey">The row's partition key.</param>
/// <param name="RowKey">The row's key within its partition.</param>
/// <param name="Reason">Which column cannot be read, and why: the end of a sentence that begins with "it". Never the column's
/// content.</param>
public sealed record UnreadableRow(StoredRowKind Kind, string Table, string PartitionKey, string RowKey, string Reason)
{
    /// <summary>The workflow, cluster or project that the row belongs to; null where it belongs to none.</summary>
    public string? Id { get; init; }

    /// <summary>Whether a newer version wrote the row: then it is whole, and this version must not replace it.</summary>
    public bool IsFromNewerVersion { get; init; }
}
