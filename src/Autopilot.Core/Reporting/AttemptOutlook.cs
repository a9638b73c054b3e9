namespace Autopilot.Core.Reporting;

/// <summary>
/// How often something had to be run again. Computed from upgrades that were observed while they were active: of others the earlier
/// attempts are unknown.
/// </summary>
public sealed record AttemptOutlook : OutlookSection
{
    /// <summary>Upgrades in which some task ran more than once.</summary>
    public int? SecondAttempts { get; init; }

    /// <summary><see cref="SecondAttempts"/> of all, 0 to 1.</summary>
    public double? SecondAttemptRate { get; init; }

    /// <summary>In the usual order, those that at least <see cref="OutlookBuilder.FewestRuns"/> of the upgrades ran.</summary>
    public IReadOnlyList<TaskAttemptOutlook>? Tasks { get; init; }
}
