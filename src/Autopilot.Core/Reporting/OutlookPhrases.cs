using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>
/// What an outlook is computed from and how long something takes, in the phrases of its headline, so that all formats say the same.
/// </summary>
public static class OutlookPhrases
{
    /// <summary>Longest name of others within a sentence, in characters.</summary>
    private const int LongestName = 80;

    /// <summary>Which upgrades a basis means, in the plural: "upgrades to v1.28.6-r0".</summary>
    public static string SimilarUpgrades(OutlookBasis basis, UpgradeOutlook outlook) =>
        basis switch
        {
            OutlookBasis.ClusterAndVersion => $"upgrades of this cluster to {Name(outlook.TargetVersion)}",
            OutlookBasis.VersionPair => $"upgrades from {Name(outlook.FromVersion)} to {Name(outlook.TargetVersion)}",
            OutlookBasis.TargetVersion => $"upgrades to {Name(outlook.TargetVersion)}",
            OutlookBasis.TargetMinor => $"upgrades to any {Baseline.MinorOf(outlook.TargetVersion)} version",
            OutlookBasis.Cluster => "upgrades of this cluster",
            _ => "upgrades to any version",
        };

    /// <summary>
    /// A time in seconds as text, rounded up so that a plan has at least the time that it took. It is rounded to minutes, from a day on to
    /// hours, from three days on to days.
    /// </summary>
    public static string UpTo(double seconds)
    {
        // Longer times are not said, and twice as much is still a duration.
        var time = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2));
        var unit =
            time < TimeSpan.FromDays(1) ? TimeSpan.TicksPerMinute
            : time < TimeSpan.FromDays(3) ? TimeSpan.TicksPerHour
            : TimeSpan.TicksPerDay;
        return HumanDuration.Of(TimeSpan.FromTicks(Math.Max(1, (time.Ticks + unit - 1) / unit) * unit));
    }

    /// <summary>Foreign text, with nothing that could end the sentence or break the line; empty for null.</summary>
    public static string Name(string? text) =>
        (ForeignText.OneLine(text, LongestName) ?? "").TrimEnd('.', ' ').Replace(". ", ", ", StringComparison.Ordinal);
}
