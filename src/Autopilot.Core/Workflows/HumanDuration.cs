using System.Globalization;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Durations and times as people say them. A duration has at most two units and is always rounded down. Examples: "9 min 5 s", "2 h 10
/// min", "1 day 4 h", "3 days".
/// </summary>
public static class HumanDuration
{
    /// <summary>The duration as text; a negative one counts as none.</summary>
    public static string Of(TimeSpan duration) =>
        duration.Ticks < 0
            ? "0 s"
            : duration switch
            {
                { TotalMinutes: < 1 } => $"{duration.Seconds} s",
                { TotalHours: < 1 } => Two(duration.Minutes, "min", duration.Seconds, "s"),
                { TotalDays: < 1 } => Two(duration.Hours, "h", duration.Minutes, "min"),
                { TotalDays: < 2 } => Two(1, "day", duration.Hours, "h"),
                { TotalDays: < 3 } => Two(2, "days", duration.Hours, "h"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{duration.Days} days"),
            };

    /// <summary>A time to the minute: a person compares it with a wall clock.</summary>
    public static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
