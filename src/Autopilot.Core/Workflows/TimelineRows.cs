namespace Autopilot.Core.Workflows;

/// <summary>
/// The rows of a timeline. Waits and blocks are those of the time split, so a moment at which anything ran or was queued is neither; runs and queues are each task's own, and
/// may overlap. A pause is a block within its run.
/// </summary>
internal static class TimelineRows
{
    /// <summary>In order of start; of equals in the order of the tasks.</summary>
    public static IReadOnlyList<TimelineRow> Of(WorkflowReading reading, List<RunCourse> courses, IReadOnlyList<TimeSegment> segments, DateTimeOffset from, DateTimeOffset to)
    {
        var rows = new List<TimelineRow>();
        foreach (var task in reading.Tasks)
        {
            AddRuns(rows, task, reading);
        }

        foreach (var course in courses)
        {
            AddQueues(rows, course, reading, from, to);
        }

        foreach (var segment in segments)
        {
            if (segment is { Kind: TimeKind.Person or TimeKind.Blocked, Task: { } task, Status: { } status })
            {
                var blocks = segment.Kind == TimeKind.Blocked;
                rows.Add(new(task, blocks ? TimelineKind.Blocked : TimelineKind.Wait, status, segment.From, EndOf(segment.To, reading, to), (segment.To - segment.From).TotalSeconds)
                {
                    Reason = blocks ? segment.Reason : null,
                });
            }
        }

        return [.. rows.OrderBy(row => row.StartedAt)];
    }

    private static void AddRuns(List<TimelineRow> rows, TaskTimes task, WorkflowReading reading)
    {
        foreach (var run in task.Runs)
        {
            if (run.StartedAt is { } start)
            {
                rows.Add(new(task.Type, TimelineKind.Run, run.Status, start, TaskTimes.EndOf(run), TaskTimes.DurationOf(run, reading.AsOf)?.TotalSeconds)
                {
                    FailedOn = run.Status == UpgradeTaskStatus.Failed ? ForeignText.OneLine(FailureWords.FailedOn(TaskFailures.Of(reading.Row.TaskFailures, run))) : null,
                });
            }
        }
    }

    private static void AddQueues(List<TimelineRow> rows, RunCourse course, WorkflowReading reading, DateTimeOffset from, DateTimeOffset to)
    {
        DateTimeOffset? queuedFrom = null;
        foreach (var turn in TimeSegments.TurnsOf(reading, [course], from, to))
        {
            var queued = course.At(from) == RunStage.Queued;
            queuedFrom = queued ? queuedFrom ?? from : queuedFrom;
            if (queuedFrom is { } start && (!queued || turn == to))
            {
                var end = queued ? turn : from;
                rows.Add(new(course.Run.Type, TimelineKind.Queue, UpgradeTaskStatus.Queuing, start, queued ? EndOf(end, reading, to) : end, (end - start).TotalSeconds));
                queuedFrom = null;
            }

            from = turn;
        }
    }

    /// <summary>Null of what still goes on at the last observation.</summary>
    private static DateTimeOffset? EndOf(DateTimeOffset end, WorkflowReading reading, DateTimeOffset to) => end == to && reading.EndedAt is null ? null : end;
}
