namespace Autopilot.Core.Rows;

/// <summary>Counts the rows that a read of many leaves out because they cannot be read. It is whole once the read has ended.</summary>
public sealed class UnreadableCount
{
    private int _rows;

    /// <summary>Rows so far.</summary>
    public int Rows => Volatile.Read(ref _rows);

    /// <summary>The rows as answers carry them: null where there are none.</summary>
    public int? RowsIfAny => Rows == 0 ? null : Rows;

    /// <summary>Counts further rows.</summary>
    public void Add(int rows = 1) => Interlocked.Add(ref _rows, rows);
}
