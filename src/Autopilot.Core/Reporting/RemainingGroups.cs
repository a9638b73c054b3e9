using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>The figures of the groups of a report that are not shown one by one.</summary>
public sealed record RemainingGroups : UpgradeStatistics
{
    /// <summary>How many groups, at least 1.</summary>
    [JsonPropertyOrder(-1)]
    public int Groups { get; init; }
}
