namespace Autopilot.Core.Reporting;

/// <summary>What the pre-check found. Computed from upgrades that were observed while they were active and in which it ran.</summary>
public sealed record PreCheckOutlook : OutlookSection
{
    /// <summary>Upgrades in which it failed at least once.</summary>
    public int? Failed { get; init; }

    /// <summary>What it failed on, in most upgrades first, at most <see cref="OutlookBuilder.MaxItems"/>.</summary>
    public IReadOnlyList<PreCheckItemOutlook>? Items { get; init; }
}
