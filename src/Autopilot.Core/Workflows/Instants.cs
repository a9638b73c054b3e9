namespace Autopilot.Core.Workflows;

/// <summary>Compares moments of which upstream may not tell one: what is unknown never counts.</summary>
internal static class Instants
{
    /// <summary>The later of two; the known one where only one is known.</summary>
    public static DateTimeOffset? Later(DateTimeOffset? x, DateTimeOffset? y) => y is null || x > y ? x : y;

    /// <summary>The earlier of two; the known one where only one is known.</summary>
    public static DateTimeOffset? Earlier(DateTimeOffset? x, DateTimeOffset? y) => y is null || x < y ? x : y;
}
