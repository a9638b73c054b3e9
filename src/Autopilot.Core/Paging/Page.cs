namespace Autopilot.Core.Paging;

/// <summary>A page of a list: as many entries as were asked for, or the last ones, or fewer for the reason that it names.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="ContinuationToken">Null on the last page. Opaque; safe in a URL.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? ContinuationToken)
{
    /// <summary>Rows that were met and cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Why it is short though there is more; null where it is full or the last one.</summary>
    public PartialReason? Partial { get; init; }
}
