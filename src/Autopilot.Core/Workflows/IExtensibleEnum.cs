namespace Autopilot.Core.Workflows;

/// <summary>
/// A value that upstream names and may add to: a struct over the string as it came, with the known values as static members.
/// An unknown value is kept and shown as it came; it never throws.
/// </summary>
public interface IExtensibleEnum<TSelf>
    where TSelf : struct, IExtensibleEnum<TSelf>
{
    /// <summary>The value as upstream wrote it; empty for <c>default</c>.</summary>
    string Value { get; }

    /// <summary>Whether the value is one that this version knows.</summary>
    bool IsKnown { get; }

    /// <summary>Wraps any string. Known values are compared ordinally: upstream's spelling is exact.</summary>
    static abstract TSelf From(string value);
}
