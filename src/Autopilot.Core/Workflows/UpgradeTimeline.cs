using System.Text.Json.Serialization;
using Autopilot.Core.Reporting;

namespace Autopilot.Core.Workflows;

/// <summary>What a row of a timeline shows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimelineKind>))]
public enum TimelineKind
{
    /// <summary>The task ran, or runs.</summary>
    Run,

    /// <summary>The task could have run, and nobody had started it.</summary>
    Wait,
}

/// <summary>One run of a task, or one wait for it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Kind">Whether it ran or was waited for.</param>
/// <param name="Status">Of a run its last known status; of a wait <c>NotStarted</c>, or <c>Failed</c> where it is one for another attempt.</param>
/// <param name="StartedAt">Start, by upstream's clock.</param>
/// <param name="EndedAt">End; null while it goes on or where it was never seen.</param>
/// <param name="Seconds">Length, of what goes on until <see cref="UpgradeTimeline.To"/>; null where the clocks contradict each other.</param>
public sealed record TimelineRow(UpgradeTaskType Task, TimelineKind Kind, UpgradeTaskStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double? Seconds);

/// <summary>A task of a timeline, whether it has run or not.</summary>
/// <param name="Task">The task.</param>
/// <param name="Status">Its status at <see cref="UpgradeTimeline.To"/>.</param>
/// <param name="Required">Whether it lies on the required path.</param>
/// <param name="ExpiresAt">When its result expires or has expired: of a passed pre-check that nothing has used yet; null of every other task.</param>
public sealed record TimelineTask(UpgradeTaskType Task, UpgradeTaskStatus Status, bool Required, DateTimeOffset? ExpiresAt);

/// <summary>Every run and every wait of an upgrade, in order of their start: the same times that the summary counts.</summary>
public sealed record UpgradeTimeline
{
    public required string WorkflowId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }

    /// <summary>Creation, or the earliest start where that is earlier or creation is unknown; null before the first read.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end, or the last observation while it goes on; null before the first read.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The tasks in the order in which they are done, those that have not run included; null before the first read.</summary>
    public IReadOnlyList<TimelineTask>? Tasks { get; init; }

    public IReadOnlyList<TimelineRow> Rows { get; init; } = [];

    /// <summary>The timeline of a stored row; without rows before the first read.</summary>
    public static UpgradeTimeline Of(TrackedWorkflow workflow)
    {
        if (WorkflowReading.Of(workflow, Baseline.Empty) is not { } reading)
        {
            return new UpgradeTimeline { WorkflowId = workflow.Target.WorkflowId, ClusterName = workflow.ClusterName };
        }

        var to = reading.EndedAt ?? reading.AsOf;
        var rows = new List<TimelineRow>();
        foreach (var task in reading.Tasks)
        {
            AddFirstWait(rows, task);
            AddRuns(rows, task, reading);
        }

        // A stable sort: of what starts at once, the usual order of tasks stays.
        var ordered = rows.OrderBy(row => row.StartedAt).ToList();
        var first = ordered.Count > 0 ? ordered[0].StartedAt : (DateTimeOffset?)null;
        return new UpgradeTimeline
        {
            WorkflowId = workflow.Target.WorkflowId,
            ClusterName = workflow.ClusterName,
            FromVersion = reading.State.FromVersion,
            TargetVersion = reading.State.TargetVersion,
            From = Moments.Earlier(reading.State.CreatedAt, first) ?? to,
            To = to,
            EndedAt = reading.EndedAt,
            Tasks = [.. reading.Tasks.Select(task => new TimelineTask(task.Type, task.Status, task.Required, reading.IsTerminal ? null : PreCheckExpiry.UnusedExpiry(reading, task)))],
            Rows = ordered,
        };
    }

    private static void AddFirstWait(List<TimelineRow> rows, TaskTimes task)
    {
        if (task is { Wait: { Ticks: > 0 } wait, CouldStartAt: { } could })
        {
            rows.Add(new(task.Type, TimelineKind.Wait, UpgradeTaskStatus.NotStarted, could, task.FirstStart, wait.TotalSeconds));
        }
    }

    private static void AddRuns(List<TimelineRow> rows, TaskTimes task, WorkflowReading reading)
    {
        for (var i = 0; i < task.Runs.Count; i++)
        {
            var run = task.Runs[i];
            var end = TaskTimes.EndOf(run);
            if (run.StartedAt is { } start)
            {
                rows.Add(new(task.Type, TimelineKind.Run, run.Status, start, end, TaskTimes.DurationOf(run, reading.AsOf)?.TotalSeconds));
            }

            // A pre-check that is repeated after it passed was waited for by nobody; one that failed was.
            if (run.Status == UpgradeTaskStatus.Failed && end is { } failed && i + 1 < task.Runs.Count && task.Runs[i + 1].StartedAt is { } again && again > failed)
            {
                rows.Add(new(task.Type, TimelineKind.Wait, UpgradeTaskStatus.Failed, failed, again, (again - failed).TotalSeconds));
            }
        }

        if (task is { Required: true, Status: var status, EndedAt: { } last } && status == UpgradeTaskStatus.Failed && !reading.IsGone)
        {
            // Another attempt never came: it was rolled back instead, or the upgrade ended.
            var until = reading.IsTerminal ? reading.EndedAt : null;
            foreach (var run in reading.Runs)
            {
                until = run.Type == UpgradeTaskType.Rollback && run.StartedAt >= last && run.StartedAt <= reading.AsOf && !(until <= run.StartedAt) ? run.StartedAt : until;
            }

            var to = until ?? reading.AsOf;
            if (last < to)
            {
                rows.Add(new(task.Type, TimelineKind.Wait, UpgradeTaskStatus.Failed, last, until, (to - last).TotalSeconds));
            }
        }
    }
}
