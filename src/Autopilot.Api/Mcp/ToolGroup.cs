using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>
/// The figures of one group: see <see cref="UpgradeStatistics"/> for its members. Those that may be null are there only where the report
/// has one group; the total has them always.
/// </summary>
internal sealed record ToolGroup
{
    /// <summary>Failures that one of several groups names.</summary>
    public const int MaxFailures = 3;

    public required string Key { get; init; }
    public string? ClusterName { get; init; }
    public int Runs { get; init; }
    public int Succeeded { get; init; }
    public int Cancelled { get; init; }
    public int RolledBack { get; init; }
    public int Gone { get; init; }
    public int Unclear { get; init; }
    public double? SuccessRate { get; init; }
    public double? FirstTimeSuccessRate { get; init; }
    public int WatchedRuns { get; init; }
    public int WatchedSucceeded { get; init; }
    public int FirstTimeSuccesses { get; init; }
    public int FailedOnTheWay { get; init; }
    public int Attempts { get; init; }
    public int Rollbacks { get; init; }
    public double? BlockedSeconds { get; init; }
    public TimeSplit? Time { get; init; }
    public int? TimeRuns { get; init; }
    public Percentiles? RunSeconds { get; init; }
    public Percentiles? WaitSeconds { get; init; }
    public IReadOnlyList<TaskStatistics>? Tasks { get; init; }
    public IReadOnlyList<TopFailure> TopFailures { get; init; } = [];
    public IReadOnlyList<SlowUpgrade>? Slowest { get; init; }

    /// <param name="isOnly">Whether the report has no other group.</param>
    public static ToolGroup Of(ReportGroup group, bool isOnly) =>
        new()
        {
            Key = group.Key,
            ClusterName = group.ClusterName,
            Runs = group.Runs,
            Succeeded = group.Succeeded,
            Cancelled = group.Cancelled,
            RolledBack = group.RolledBack,
            Gone = group.Gone,
            Unclear = group.Unclear,
            SuccessRate = group.SuccessRate,
            FirstTimeSuccessRate = group.FirstTimeSuccessRate,
            WatchedRuns = group.WatchedRuns,
            WatchedSucceeded = group.WatchedSucceeded,
            FirstTimeSuccesses = group.FirstTimeSuccesses,
            FailedOnTheWay = group.FailedOnTheWay,
            Attempts = group.Attempts,
            Rollbacks = group.Rollbacks,
            BlockedSeconds = group.BlockedSeconds,
            Time = isOnly ? group.Time : null,
            TimeRuns = isOnly ? group.TimeRuns : null,
            RunSeconds = group.RunSeconds,
            WaitSeconds = group.WaitSeconds,
            Tasks = isOnly ? group.Tasks : null,
            // What they cost is in the total: many groups must fit into an answer.
            TopFailures = isOnly ? group.TopFailures : [.. group.TopFailures.Take(MaxFailures).Select(failure => failure.WithoutCost())],
            Slowest = isOnly ? group.Slowest : null,
        };
}
