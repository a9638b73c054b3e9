using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>
/// An active upgrade, beside the finished ones of a report: its end is open, so it counts in no outcome, rate or percentile. Every figure
/// is how long it has been so far, in seconds, as of <see cref="ObservedAt"/>.
/// </summary>
public sealed record ActiveUpgrade
{
    /// <summary>Id of the upgrade workflow.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>Id of its cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Id of the project that the cluster belongs to.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The cluster's name; null while none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Version upgraded from; null where it is unknown.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to; null where it is unknown.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>Always true: says beside the figures that they grow.</summary>
    public bool OpenEnded { get; } = true;

    /// <summary>How it stands.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>When the workflow was created upstream, UTC; null where it is unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen, UTC; null while there is none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The last successful read; null before the first, and then there are no figures.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>Whether it was last read more than three of its own poll intervals ago.</summary>
    public required bool Stale { get; init; }

    /// <summary>From creation to the observation; null where the creation is unknown.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>How long any task ran.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>Runs of all tasks together.</summary>
    public int Attempts { get; init; }

    /// <summary>How long nothing moved for a failure so far, in seconds; null before the first read.</summary>
    [JsonIgnore]
    public double? BlockedSeconds { get; init; }

    /// <summary>Where the elapsed time went so far; null where that is unknown.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Every task that was shown; what still runs counts to the observation.</summary>
    [JsonIgnore]
    public IReadOnlyList<FinishedTask> Tasks { get; init; } = [];

    /// <summary>The longest one first; those whose age is unknown last.</summary>
    public static IComparer<ActiveUpgrade> LongestFirst { get; } =
        Comparer<ActiveUpgrade>.Create(
            (x, y) =>
            {
                var order = Nullable.Compare(y.ElapsedSeconds, x.ElapsedSeconds);
                return order != 0 ? order : string.CompareOrdinal(x.WorkflowId, y.WorkflowId);
            }
        );

    /// <summary>The upgrade of a row; null where it does not go on: it is finished, no longer tracked, or being purged.</summary>
    /// <param name="now">Time of the request; only <see cref="Stale"/> depends on it.</param>
    /// <param name="pollInterval">The workflow's own poll interval, from <c>Cadence</c>.</param>
    public static ActiveUpgrade? Of(TrackedWorkflow row, Baseline baseline, DateTimeOffset now, TimeSpan pollInterval)
    {
        if (row is not { Tracked: true, IsFinished: false, Purging: false })
        {
            return null;
        }

        var analysis = WorkflowAnalysis.Of(row, baseline);
        return new()
        {
            WorkflowId = row.Target.WorkflowId,
            ClusterId = row.Target.ClusterId,
            ProjectId = row.Target.ProjectId,
            ClusterName = row.ClusterName,
            FromVersion = row.State?.FromVersion,
            TargetVersion = row.State?.TargetVersion,
            Assessment = analysis is null
                ? AssessmentRules.Unread(row)
                : AssessmentRules.Assess(analysis, BlockingTaskFinder.Find(analysis)),
            CreatedAt = row.State?.CreatedAt,
            StartedAt = analysis?.StartedAt,
            ObservedAt = row.ObservedAt,
            Stale = WorkflowSummarizer.IsStale(row, now, pollInterval),
            ElapsedSeconds = analysis?.Elapsed?.TotalSeconds,
            ActiveSeconds = analysis?.Active.TotalSeconds,
            WaitingSeconds = (analysis?.Elapsed - analysis?.Active)?.TotalSeconds,
            Attempts = analysis?.Runs.Count ?? 0,
            BlockedSeconds = analysis is null ? null : FinishedUpgrade.Blocked(analysis.Runs, analysis.AsOf).TotalSeconds,
            Time = analysis is null ? null : TimeSplit.Of(analysis),
            Tasks = analysis is null ? [] : FinishedUpgrade.TasksOf(analysis),
        };
    }

    /// <summary>
    /// Whether it is active within a report's range: it began before the range's end, and its own end is open. Of one whose creation is
    /// unknown, tracking began after that.
    /// </summary>
    public static bool IsWithin(TrackedWorkflow row, DateTimeOffset to) => (row.State?.CreatedAt ?? row.TrackedAt) < to;
}
