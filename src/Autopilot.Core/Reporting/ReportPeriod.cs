using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>The figures of a whole period.</summary>
public sealed record ReportPeriod : UpgradeStatistics
{
    [JsonPropertyOrder(-1)]
    public DateTimeOffset From { get; init; }

    [JsonPropertyOrder(-1)]
    public DateTimeOffset To { get; init; }
}
