namespace Autopilot.Core.Workflows;

/// <summary>
/// The rows of a timeline. Waits and blocks are those of the time split, so a time at which anything ran or was queued is neither. Attempts
/// and queues are each task's own, and may overlap. A pause is a block within its attempt. An attempt without a start or an end of
/// upstream's is bounded by the observations that showed it, as in the split.
/// </summary>
internal static class TimelineRows
{
    /// <summary>In order of start; of equals in the order of the tasks.</summary>
    public static IReadOnlyList<TimelineRow> Of(
        WorkflowAnalysis analysis,
        List<AttemptTimeline> courses,
        IReadOnlyList<TimeSegment> segments,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        var rows = new List<TimelineRow>();
        foreach (var course in courses)
        {
            AddRun(rows, course, courses, analysis, to);
        }

        foreach (var course in courses)
        {
            AddQueues(rows, course, analysis, from, to);
        }

        foreach (var segment in segments)
        {
            if (segment is { Kind: TimeKind.Person or TimeKind.Blocked, Task: { } task, Status: { } status })
            {
                var blocks = segment.Kind == TimeKind.Blocked;
                rows.Add(
                    new(
                        task,
                        blocks ? TimelineKind.Blocked : TimelineKind.Wait,
                        status,
                        segment.From,
                        EndOf(segment.To, analysis, to),
                        (segment.To - segment.From).TotalSeconds
                    )
                    {
                        Reason = blocks ? segment.Reason : null,
                    }
                );
            }
        }

        return [.. rows.OrderBy(row => row.StartedAt)];
    }

    private static void AddRun(
        List<TimelineRow> rows,
        AttemptTimeline course,
        List<AttemptTimeline> courses,
        WorkflowAnalysis analysis,
        DateTimeOffset to
    )
    {
        var run = course.Run;
        if (IsEarlierRun(course, analysis) || (run.StartedAt ?? course.BeginSeen()) is not { } start)
        {
            return;
        }

        var shownLater = ShownLater(course, courses);
        var status = shownLater?.Run.Status ?? run.Status;
        var end = shownLater?.End ?? course.End;
        var upstreamsEnd = shownLater?.End ?? (run.Status.IsOpen() ? null : run.EndedAt);
        rows.Add(
            new(run.Type, TimelineKind.Run, status, start, end, LengthOf(run, start, end, to)?.TotalSeconds)
            {
                FailedOn =
                    status == UpgradeTaskStatus.Failed
                        ? ForeignText.OneLine(FailurePhrases.FailedOn(TaskFailures.Of(analysis.Row.TaskFailures, run)))
                        : null,
                TimesObserved = run.StartedAt is null || upstreamsEnd != end ? true : null,
            }
        );
    }

    /// <summary>Whether these are the times of an earlier run that has a row of its own: a queued retry may still show them.</summary>
    private static bool IsEarlierRun(AttemptTimeline course, WorkflowAnalysis analysis) =>
        course.IsOfEarlierRun
        && analysis.Runs.Any(run => run.Type == course.Run.Type && run.StartedAt == course.Run.StartedAt && !run.Point.IsQueued());

    /// <summary>
    /// The run as its queued retry still showed it, where that is the first to show its end: later than the observation that stands in for
    /// it. Null otherwise.
    /// </summary>
    private static AttemptTimeline? ShownLater(AttemptTimeline course, List<AttemptTimeline> courses) =>
        course.Run.StartedAt is not { } start || course.IsOfEarlierRun || course.End is not { } seen
            ? null
            : courses
                .Where(other =>
                    other.IsOfEarlierRun && other.Run.Type == course.Run.Type && other.Run.StartedAt == start && other.End > seen
                )
                .MaxBy(other => other.End);

    /// <summary>
    /// How long the run took. Null where the clocks contradict each other. Also null of a run that had ended when it was first seen: it may
    /// have begun at any time before.
    /// </summary>
    private static TimeSpan? LengthOf(TaskAttempt run, DateTimeOffset start, DateTimeOffset? end, DateTimeOffset to) =>
        run.StartedAt is null && end <= start ? null : Clocks.Length(start, end ?? to);

    private static void AddQueues(
        List<TimelineRow> rows,
        AttemptTimeline course,
        WorkflowAnalysis analysis,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        DateTimeOffset? queuedFrom = null;
        foreach (var boundary in TimeSegments.BoundariesOf(analysis, [course], from, to))
        {
            var queued = course.At(from) == AttemptStatusAt.Queued;
            queuedFrom = queued ? queuedFrom ?? from : queuedFrom;
            if (queuedFrom is { } start && (!queued || boundary == to))
            {
                var end = queued ? boundary : from;
                rows.Add(
                    new(
                        course.Run.Type,
                        TimelineKind.Queue,
                        UpgradeTaskStatus.Queuing,
                        start,
                        queued ? EndOf(end, analysis, to) : end,
                        (end - start).TotalSeconds
                    )
                );
                queuedFrom = null;
            }

            from = boundary;
        }
    }

    /// <summary>Null for what is still under way at the last observation.</summary>
    private static DateTimeOffset? EndOf(DateTimeOffset end, WorkflowAnalysis analysis, DateTimeOffset to) =>
        end == to && analysis.EndedAt is null ? null : end;
}
