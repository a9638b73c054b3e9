using Autopilot.Core.Rows;

namespace Autopilot.Storage.Reading;

/// <summary>What reading a row came to: the value, that there is no such row, or why it cannot be read.</summary>
/// <param name="Value">Null where the row is missing or unreadable.</param>
/// <param name="Unreadable">Null where the row is missing or was read.</param>
internal readonly record struct RowRead<T>(T? Value, UnreadableRow? Unreadable)
    where T : class
{
    public bool IsMissing => Value is null && Unreadable is null;

    /// <summary>The value; null where there is no such row.</summary>
    /// <exception cref="RowUnreadableException">There is one, and it cannot be read.</exception>
    public T? ValueOrThrow() => Unreadable is null ? Value : throw new RowUnreadableException(Unreadable);
}
