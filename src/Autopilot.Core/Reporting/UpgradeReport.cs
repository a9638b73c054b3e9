using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

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

/// <summary>Aggregates over the finished runs whose end lies in [<see cref="From"/>, <see cref="To"/>).</summary>
public sealed record UpgradeReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>In the words of the query.</summary>
    public required string GroupBy { get; init; }

    /// <summary>All groups together: what <see cref="Previous"/> compares with.</summary>
    public required ReportPeriod Total { get; init; }

    /// <summary>In order of time, versions in their natural order, clusters by id; only groups that have runs, but <c>all</c> is always there.</summary>
    public required IReadOnlyList<ReportGroup> Groups { get; init; }

    /// <summary>The period of the same length that ends where this one begins; null where it was not asked for.</summary>
    public ReportPeriod? Previous { get; init; }

    /// <summary>Upgrades that go on, the longest so far first; in no figure of the report. Null where they were not asked for.</summary>
    public IReadOnlyList<ActiveUpgrade>? Active { get; init; }

    /// <summary>True where there are more that go on than <see cref="Active"/> holds; null otherwise.</summary>
    public bool? ActiveCut { get; init; }

    /// <summary>Stored runs and active upgrades of the time that cannot be read, and are in no figure; null where there are none.</summary>
    public int? Unreadable { get; init; }
}

/// <summary>The figures of one group.</summary>
public sealed record ReportGroup : UpgradeStatistics
{
    [JsonPropertyOrder(-1)]
    public string Key { get; init; } = "";

    /// <summary>Of a cluster: its name as the newest of the runs has it; null where none has, and of other groups.</summary>
    [JsonPropertyOrder(-1)]
    public string? ClusterName { get; init; }
}

/// <summary>The figures of a whole period.</summary>
public sealed record ReportPeriod : UpgradeStatistics
{
    [JsonPropertyOrder(-1)]
    public DateTimeOffset From { get; init; }

    [JsonPropertyOrder(-1)]
    public DateTimeOffset To { get; init; }
}

/// <summary>What is counted over runs. Rates are 0 to 1 and absent where there is no run; so are percentiles where no run has the figure.</summary>
public abstract record UpgradeStatistics
{
    public int Runs { get; init; }
    public int Succeeded { get; init; }
    public int Cancelled { get; init; }
    public int RolledBack { get; init; }
    public int Gone { get; init; }

    /// <summary>Runs that upstream calls a success though the cluster is not known to be on the new version: in no success rate.</summary>
    public int Unclear { get; init; }

    /// <summary>Succeeded runs of all but the unclear ones.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Of all but the unclear ones, those that succeeded and of which no task failed on the way, as <see cref="FinishedUpgrade.FailedOnTheWay"/> says.</summary>
    public double? FirstTimeSuccessRate { get; init; }

    /// <summary>Runs, however they ended, of which a task failed on the way, as <see cref="FinishedUpgrade.FailedOnTheWay"/> says.</summary>
    public int FailedOnTheWay { get; init; }

    /// <summary>Runs of tasks, all together.</summary>
    public int Attempts { get; init; }

    /// <summary>Runs of the rollback.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Time blocked, all together; absent where no run tells.</summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>Where the elapsed time went, summed over the <see cref="TimeRuns"/> runs that have the split, in seconds; absent where none has.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Runs that have the split: not those that were recorded before it was kept, nor those whose elapsed time is unknown.</summary>
    public int TimeRuns { get; init; }

    /// <summary>Of the time that anything ran.</summary>
    public Percentiles? RunSeconds { get; init; }

    /// <summary>Of the rest of the time from creation to end.</summary>
    public Percentiles? WaitSeconds { get; init; }

    /// <summary>In the usual order.</summary>
    public IReadOnlyList<TaskStatistics> Tasks { get; init; } = [];

    /// <summary>What failed most often, at most <see cref="ReportBuilder.MaxTopFailures"/>.</summary>
    public IReadOnlyList<TopFailure> TopFailures { get; init; } = [];

    /// <summary>The longest by the time that anything ran, at most <see cref="ReportBuilder.MaxSlowest"/>.</summary>
    public IReadOnlyList<SlowUpgrade> Slowest { get; init; } = [];
}

/// <summary>One kind of task.</summary>
/// <param name="Runs">Attempts, all together.</param>
/// <param name="Failures">Those of them that failed.</param>
/// <param name="RunSeconds">Of the last attempt of each workflow, however it ended.</param>
/// <param name="WaitSeconds">From when it could have started to its first start.</param>
public sealed record TaskStatistics(UpgradeTaskType Type, int Runs, int Failures, Percentiles? RunSeconds, Percentiles? WaitSeconds);

/// <param name="Type">The task.</param>
/// <param name="Name">The item that failed.</param>
/// <param name="Count">Failed runs of the task that named it.</param>
public sealed record TopFailure(UpgradeTaskType Type, string Name, int Count);

/// <summary>One of the slowest.</summary>
public sealed record SlowUpgrade(
    string WorkflowId,
    string ClusterId,
    string? ClusterName,
    string? TargetVersion,
    [property: JsonConverter(typeof(JsonStringEnumConverter<WorkflowOutcome>))] WorkflowOutcome Outcome,
    DateTimeOffset EndedAt,
    double RunSeconds,
    double? ElapsedSeconds);

/// <summary>Percentiles by nearest rank: each is a value that occurred.</summary>
public sealed record Percentiles(double P50, double P80, double P95, double Max)
{
    /// <summary>Null of nothing. Sorts what it is given.</summary>
    internal static Percentiles? Of(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        values.Sort();
        var sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values);
        return new(Percentile.NearestRank(sorted, 50), Percentile.NearestRank(sorted, 80), Percentile.NearestRank(sorted, 95), sorted[^1]);
    }
}
