using System.Text.Json.Serialization;

namespace Autopilot.Core.Reporting;

/// <summary>The figures of a whole period.</summary>
public sealed record ReportPeriod : UpgradeStatistics
{
    /// <summary>The earliest end of its runs, UTC, inclusive.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset From { get; init; }

    /// <summary>The latest end of its runs, UTC, exclusive.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset To { get; init; }
}
