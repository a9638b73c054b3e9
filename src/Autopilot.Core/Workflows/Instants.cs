namespace Autopilot.Core.Workflows;

/// <summary>Compares times where upstream may not give one: an unknown time never counts.</summary>
internal static class Instants
{
    /// <summary>The later of two; the known one where only one is known.</summary>
    public static DateTimeOffset? Later(DateTimeOffset? x, DateTimeOffset? y) => y is null || x > y ? x : y;

    /// <summary>The earlier of two; the known one where only one is known.</summary>
    public static DateTimeOffset? Earlier(DateTimeOffset? x, DateTimeOffset? y) => y is null || x < y ? x : y;
}
