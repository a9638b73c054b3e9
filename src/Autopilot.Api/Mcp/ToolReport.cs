using Autopilot.Core.Reporting;

namespace Autopilot.Api.Mcp;

/// <summary>A report that fits an assistant: of many groups some are shown, and the rest is summed.</summary>
/// <param name="GroupBy">The dimension, as the query names it.</param>
/// <param name="Total">All groups together.</param>
/// <param name="Groups">In the order of <see cref="UpgradeReport.Groups"/>.</param>
/// <param name="Rest">The groups that are not shown; null where all are.</param>
/// <param name="Previous">The period of the same length before.</param>
/// <param name="Unreadable">Stored runs that cannot be read; null where there are none.</param>
/// <param name="Note">Why the filters match nothing; null where there is nothing to say.</param>
internal sealed record ToolReport(
    DateTimeOffset From,
    DateTimeOffset To,
    string GroupBy,
    ReportPeriod Total,
    IReadOnlyList<ToolGroup> Groups,
    RemainingGroups? Rest,
    ReportPeriod? Previous,
    int? Unreadable,
    string? Note
)
{
    /// <summary>Groups at most.</summary>
    public const int MaxGroups = 16;

    /// <summary>Failures of the total whose cost is part of it, beside groups.</summary>
    public const int MostCosts = 3;

    public static ToolReport Of(UpgradeReport report, RemainingGroups? rest)
    {
        var isOne = report.Groups.Count == 1 && rest is null;
        return new(
            report.From,
            report.To,
            report.GroupBy,
            isOne ? report.Total : WithCostOf(report.Total, MostCosts),
            [.. report.Groups.Select(group => ToolGroup.Of(group, isOne))],
            rest is null ? null : WithCostOf(rest, 0),
            report.Previous is { } previous ? WithCostOf(previous, 0) : null,
            report.Unreadable,
            report.Note
        );
    }

    /// <summary>Many groups must fit into an answer: only the failures that are there most often say what they cost.</summary>
    private static T WithCostOf<T>(T statistics, int most)
        where T : UpgradeStatistics =>
        statistics with
        {
            TopFailures = [.. statistics.TopFailures.Select((failure, i) => i < most ? failure : failure.WithoutCost())],
        };
}
