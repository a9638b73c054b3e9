namespace Autopilot.Core.Paging;

/// <summary>The values of a filter; an entry matches any one of them. At least one, each once, in the order of their text.</summary>
/// <typeparam name="T">An enum, a name or an id.</typeparam>
public sealed class AnyOf<T> : IEquatable<AnyOf<T>>
    where T : notnull
{
    private readonly HashSet<T> _set;

    /// <param name="values">At least one; repeated ones count once.</param>
    public AnyOf(params IEnumerable<T> values)
    {
        _set = [.. values];
        Values = [.. _set.OrderBy(value => value.ToString(), StringComparer.Ordinal)];
        ArgumentOutOfRangeException.ThrowIfZero(Values.Count);
    }

    /// <summary>The values, each once.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>A filter of one value; null for null, which filters nothing.</summary>
    public static implicit operator AnyOf<T>?(T? value) => value is null ? null : new AnyOf<T>(value);

    /// <summary>Whether a value is one of them.</summary>
    public bool Contains(T value) => _set.Contains(value);

    /// <summary>Whether any of the other values is among these.</summary>
    public bool Overlaps(IEnumerable<T> values) => _set.Overlaps(values);

    public bool Equals(AnyOf<T>? other) => other is not null && _set.SetEquals(other._set);

    public override bool Equals(object? obj) => Equals(obj as AnyOf<T>);

    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <summary>The values, separated by commas, as a query gives them.</summary>
    public override string ToString() => string.Join(',', Values);
}
