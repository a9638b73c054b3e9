namespace Autopilot.Simulator;

/// <summary>How upstream shows the items of a list: it has changed its mind between versions.</summary>
public enum ListShape
{
    /// <summary>An array, as since 2026.</summary>
    Array,

    /// <summary>The newest workflow alone, as the documentation says; null when there is none.</summary>
    Object,

    /// <summary>Always null.</summary>
    Null,

    /// <summary>No items at all.</summary>
    Absent,
}
