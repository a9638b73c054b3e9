namespace Autopilot.Core.Reporting;

/// <summary>How upgrades ended.</summary>
public sealed record OutcomeOutlook : OutlookSection
{
    /// <summary>Upgrades that left the cluster on the new version.</summary>
    public int? Succeeded { get; init; }

    /// <summary>Upgrades that a person cancelled.</summary>
    public int? Cancelled { get; init; }

    /// <summary>Upgrades that ended with the cluster back on its old version.</summary>
    public int? RolledBack { get; init; }

    /// <summary>Upgrades that upstream no longer knows.</summary>
    public int? Gone { get; init; }

    /// <summary>Upstream calls them a success though the cluster is not known to be on the new version.</summary>
    public int? Unclear { get; init; }

    /// <summary>Succeeded of all but the unclear ones, 0 to 1; null where all are unclear.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Upgrades in which a rollback ran, however it and they ended.</summary>
    public int? Rollbacks { get; init; }

    /// <summary><see cref="Rollbacks"/> of all, 0 to 1.</summary>
    public double? RollbackRate { get; init; }
}
