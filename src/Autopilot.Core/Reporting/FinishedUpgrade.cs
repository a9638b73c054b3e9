using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>A finished workflow as reports see it: written once, never changed. Durations are seconds.</summary>
public sealed record FinishedUpgrade
{
    /// <summary>Its ids: project, cluster and workflow.</summary>
    public required WorkflowTarget Target { get; init; }

    /// <summary>The cluster's name when the workflow ended; null where none was known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Version upgraded from; null where it is unknown.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to; null where it is unknown.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>How it ended.</summary>
    public required WorkflowOutcome Outcome { get; init; }

    /// <summary>When the workflow was created upstream, UTC; null where it is unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen, UTC; null where there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, UTC: a run belongs to this moment in reports.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>When the last state was first observed; null in rows of old, and where nothing was ever read.</summary>
    public DateTimeOffset? LastChangedAt { get; init; }

    /// <summary>From creation to end, in seconds; null where the creation is unknown.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>How long any task ran, in seconds; null where nothing was ever read.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active, in seconds; null where either is unknown.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>
    /// False when it had ended before it was first seen. Earlier attempts, and the waits that they hide, are unknown then. Of a cancelled
    /// one the end is the last thing that is known to have happened.
    /// </summary>
    public bool SeenLive { get; init; } = true;

    /// <summary>Runs of all tasks together.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// How long nothing moved for a failure, in seconds. It counts from the end of each failed run to the next start of any run, or to the
    /// workflow's end. What overlaps counts once. Null in rows of old, and where nothing was ever read.
    /// </summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>Where the elapsed time went; null in rows of old, and where that is unknown.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Every task that was ever shown; empty where nothing was ever read.</summary>
    public IReadOnlyList<FinishedTask> Tasks { get; init; } = [];

    /// <summary>Runs of the rollback, successful or not.</summary>
    public int Rollbacks => Tasks.Where(task => task.Type == UpgradeTaskType.Rollback).Sum(task => task.Attempts);

    /// <summary>Failed runs of all tasks together.</summary>
    public int Failures => Tasks.Sum(task => task.Failures);

    /// <summary>
    /// Whether a task failed before the workflow ended. The failure was observed, or a second attempt of the cluster stage, a snapshot or a
    /// post-check shows it. Upstream starts one only after a failure. A second pre-check shows nothing, and neither does an attempt that a
    /// rollback made necessary.
    /// </summary>
    public bool FailedOnTheWay =>
        Failures > 0
        || Tasks.Any(task =>
            task.UnseenFailures > 0
            || (task.UnseenFailures is null && task.Attempts > 1 && Rollbacks == 0 && IsRetriedOnlyAfterFailure(task.Type))
        );

    /// <summary>
    /// The run of a finished workflow. Needs <see cref="TrackedWorkflow.Outcome"/> and <see cref="TrackedWorkflow.EndedAt"/> set.
    /// </summary>
    /// <exception cref="ArgumentException">One of the two is missing: the workflow is not finished.</exception>
    public static FinishedUpgrade Of(TrackedWorkflow finished)
    {
        if (finished is not { Outcome: { } outcome, EndedAt: { } endedAt })
        {
            throw new ArgumentException(
                $"Workflow {finished.Target.WorkflowId} is not finished: it has no outcome or no end.",
                nameof(finished)
            );
        }

        var analysis = WorkflowAnalysis.Of(finished, Baseline.Empty);
        return new FinishedUpgrade
        {
            Target = finished.Target,
            ClusterName = finished.ClusterName,
            SeenLive = finished.SeenLive,
            FromVersion = finished.State?.FromVersion,
            TargetVersion = finished.State?.TargetVersion,
            Outcome = outcome,
            CreatedAt = finished.State?.CreatedAt,
            StartedAt = analysis?.StartedAt,
            EndedAt = endedAt,
            LastChangedAt = finished.LastChangedAt,
            ElapsedSeconds = analysis?.Elapsed?.TotalSeconds,
            ActiveSeconds = analysis?.Active.TotalSeconds,
            WaitingSeconds = (analysis?.Elapsed - analysis?.Active)?.TotalSeconds,
            Attempts = analysis?.Runs.Count ?? 0,
            BlockedSeconds = analysis is null ? null : Blocked(analysis.Runs, endedAt).TotalSeconds,
            Time = analysis is null ? null : TimeSplit.Of(analysis),
            Tasks = analysis is null ? [] : TasksOf(analysis),
        };
    }

    /// <summary>Every task that was ever shown, with its figures; what still runs counts to the observation.</summary>
    internal static IReadOnlyList<FinishedTask> TasksOf(WorkflowAnalysis analysis)
    {
        var rollbacks = RollbacksOf(analysis);
        return
        [
            .. analysis
                .Tasks.Where(task => task.Node.Presence != TaskPresence.OnlyNamed)
                .Select(task => Of(task, rollbacks, analysis.AsOf, analysis.Row.TaskFailures)),
        ];
    }

    /// <summary>Whether the attempt after the first failure succeeded, as far as it goes by the failures that were seen.</summary>
    /// <param name="task">A task that failed.</param>
    /// <param name="times">How often it failed, or failed on one item.</param>
    internal static bool IsResolvedByNextAttempt(FinishedTask task, int times) => times == 1 && task.Status == UpgradeTaskStatus.Success;

    private static bool IsRetriedOnlyAfterFailure(UpgradeTaskType type) =>
        type == UpgradeTaskType.Cluster || type == UpgradeTaskType.Snapshot || type == UpgradeTaskType.PostCheck;

    private static List<DateTimeOffset> RollbacksOf(WorkflowAnalysis analysis) =>
        [.. analysis.Runs.Where(run => run.Type == UpgradeTaskType.Rollback).Select(PlaceOf)];

    /// <summary>Where a run stands among others.</summary>
    private static DateTimeOffset PlaceOf(TaskAttempt run) => run.StartedAt ?? run.EndedAt ?? run.StatusSince;

    /// <summary>Runs that were not seen to fail although another run of the task followed, with no rollback between the two.</summary>
    private static int UnseenFailuresOf(TaskTimes task, List<DateTimeOffset> rollbacks)
    {
        if (!IsRetriedOnlyAfterFailure(task.Type))
        {
            return 0;
        }

        var count = 0;
        for (var i = 1; i < task.Runs.Count; i++)
        {
            var (before, after) = (PlaceOf(task.Runs[i - 1]), PlaceOf(task.Runs[i]));
            var rolledBack = rollbacks.Exists(at => at >= before && at <= after);
            count += task.Runs[i - 1].Status != UpgradeTaskStatus.Failed && !rolledBack ? 1 : 0;
        }

        return count;
    }

    private static FinishedTask Of(TaskTimes task, List<DateTimeOffset> rollbacks, DateTimeOffset asOf, IReadOnlyList<TaskFailure> words)
    {
        TimeSpan? all = null;
        var failures = 0;
        foreach (var run in task.Runs)
        {
            all = TaskTimes.DurationOf(run, asOf) is { } duration ? (all ?? TimeSpan.Zero) + duration : all;
            failures += run.Status == UpgradeTaskStatus.Failed ? 1 : 0;
        }

        return new FinishedTask(
            task.Type,
            task.Status,
            task.Duration?.TotalSeconds,
            all?.TotalSeconds,
            task.Wait?.TotalSeconds,
            task.Runs.Count,
            failures
        )
        {
            UnseenFailures = UnseenFailuresOf(task, rollbacks) is > 0 and var unseen ? unseen : null,
            Failed = failures == 0 ? null : FailedItem.Of(task.Runs, words),
        };
    }

    /// <summary>How long nothing moved for a failure, by the end or by the last observation.</summary>
    internal static TimeSpan Blocked(IReadOnlyList<TaskAttempt> runs, DateTimeOffset endedAt)
    {
        var blocks = new List<(DateTimeOffset From, DateTimeOffset To)>();
        foreach (var run in runs)
        {
            if (run.Status == UpgradeTaskStatus.Failed && TaskTimes.EndOf(run) is { } from && from < endedAt)
            {
                var to = endedAt;
                foreach (var next in runs)
                {
                    to = !ReferenceEquals(next, run) && next.StartedAt >= from && next.StartedAt < to ? next.StartedAt.Value : to;
                }

                blocks.Add((from, to));
            }
        }

        blocks.Sort();
        var (total, reached) = (TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var (from, to) in blocks)
        {
            if (to > reached)
            {
                total += to - (from > reached ? from : reached);
                reached = to;
            }
        }

        return total;
    }
}
