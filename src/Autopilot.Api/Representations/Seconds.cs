namespace Autopilot.Api.Representations;

/// <summary>Durations as HTTP headers want them.</summary>
internal static class Seconds
{
    /// <summary>Whole seconds, rounded up, at least 1: zero would invite a busy loop.</summary>
    public static long WholeAtLeastOne(TimeSpan duration) => Math.Max(1, (long)Math.Ceiling(duration.TotalSeconds));
}
