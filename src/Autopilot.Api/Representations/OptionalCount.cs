namespace Autopilot.Api.Representations;

/// <summary>
/// A count that an answer carries only where it is above zero, so that a reader sees at once that something was left out.
/// </summary>
internal static class OptionalCount
{
    /// <summary>The count; null, and so no member at all, where it is zero.</summary>
    public static int? Of(int count) => count > 0 ? count : null;
}
