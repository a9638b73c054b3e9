namespace Autopilot.Core.Reporting;

/// <summary>What a report's groups are made by.</summary>
public enum ReportGrouping
{
    /// <summary>One group, <c>all</c>.</summary>
    None,

    /// <summary>The calendar month (UTC) of the end: <c>2026-11</c>.</summary>
    Month,

    /// <summary>The ISO 8601 week (UTC) of the end: <c>2026-W47</c>.</summary>
    Week,

    /// <summary>The version that was upgraded to, or <c>unknown</c>.</summary>
    TargetVersion,

    /// <summary>The cluster's id.</summary>
    Cluster,
}
