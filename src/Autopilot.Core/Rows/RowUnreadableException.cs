namespace Autopilot.Core.Rows;

/// <summary>The one row that was asked for cannot be read. Reads of many rows leave such a row out and count it.</summary>
public sealed class RowUnreadableException(UnreadableRow row)
    : Exception($"Row {row.RowKey} of partition {row.PartitionKey} in table {row.Table} cannot be read: it {row.Reason}.")
{
    /// <summary>The row, and why it cannot be read.</summary>
    public UnreadableRow Row => row;
}
