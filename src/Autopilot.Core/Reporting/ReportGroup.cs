using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>The figures of one group.</summary>
public sealed record ReportGroup : UpgradeStatistics
{
    /// <summary>
    /// What the runs of the group share: a month, a week, a version or a cluster's id; <c>all</c> where there is one group.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public string Key { get; init; } = "";

    /// <summary>Of a cluster: its name as the newest of the runs has it; null where none has, and of other groups.</summary>
    [JsonPropertyOrder(-1)]
    public string? ClusterName { get; init; }
}
