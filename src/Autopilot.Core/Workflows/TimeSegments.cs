namespace Autopilot.Core.Workflows;

/// <summary>
/// Splits an upgrade's time from creation to its end, or to the observation, into stretches of one kind. Where nothing ran, the blocking
/// task at that time decides.
/// </summary>
internal static class TimeSegments
{
    /// <summary>
    /// From the creation to the end, or to the observation: in order and without a hole; neighbours differ. Empty where the elapsed time is
    /// unknown.
    /// </summary>
    public static IReadOnlyList<TimeSegment> Of(WorkflowAnalysis analysis) =>
        analysis is { Elapsed: { } elapsed, State.CreatedAt: { } created }
            ? Between(analysis, CoursesOf(analysis), created, created + elapsed)
            : [];

    /// <summary>Between two times: in order and without a hole; neighbours differ.</summary>
    public static IReadOnlyList<TimeSegment> Between(
        WorkflowAnalysis analysis,
        List<AttemptTimeline> courses,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        var boundaries = BoundariesOf(analysis, courses, from, to);
        var segments = new List<TimeSegment>(boundaries.Count);
        foreach (var boundary in boundaries)
        {
            var segment = KindAt(analysis, courses, from, lastsUntilNow: boundary == to && !analysis.IsTerminal) with
            {
                From = from,
                To = boundary,
            };
            if (segments is [.., var last] && last.IsSameAs(segment))
            {
                segments[^1] = last with { To = boundary };
            }
            else
            {
                segments.Add(segment);
            }

            from = boundary;
        }

        return segments;
    }

    /// <summary>The course of every run, task by task.</summary>
    public static List<AttemptTimeline> CoursesOf(WorkflowAnalysis analysis)
    {
        var courses = new List<AttemptTimeline>(analysis.Runs.Count);
        foreach (var task in analysis.Tasks)
        {
            for (var i = 0; i < task.Runs.Count; i++)
            {
                AttemptTimeline.AddTo(courses, analysis, task.Runs[i], i + 1 < task.Runs.Count ? task.Runs[i + 1] : null);
            }
        }

        return courses;
    }

    /// <summary>The times at which the kind may change, in order, and the end.</summary>
    public static List<DateTimeOffset> BoundariesOf(
        WorkflowAnalysis analysis,
        List<AttemptTimeline> courses,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        var boundaries = new List<DateTimeOffset>(1 + (10 * courses.Count) + (2 * analysis.Row.Gaps.Count));
        foreach (var course in courses)
        {
            course.AddBoundaries(boundaries);
        }

        for (var i = 0; i < analysis.Row.Gaps.Count; i++)
        {
            boundaries.Add(analysis.Row.Gaps[i].From);
            boundaries.Add(analysis.Row.Gaps[i].To);
        }

        boundaries.Add(to);
        boundaries.Sort();
        var (kept, last) = (0, from);
        for (var i = 0; i < boundaries.Count; i++)
        {
            if (boundaries[i] > last && boundaries[i] <= to)
            {
                last = boundaries[i];
                boundaries[kept++] = last;
            }
        }

        boundaries.RemoveRange(kept, boundaries.Count - kept);
        return boundaries;
    }

    private static TimeSegment KindAt(WorkflowAnalysis analysis, List<AttemptTimeline> courses, DateTimeOffset moment, bool lastsUntilNow)
    {
        var segment = new TimeSegment { Kind = TimeKind.Person };
        var (unknown, begun, isAsNow) = (false, false, lastsUntilNow);
        foreach (var course in courses)
        {
            var stage = course.At(moment);
            unknown |= stage == AttemptStatusAt.Unknown;
            begun |= stage == AttemptStatusAt.Ended;
            isAsNow &=
                stage == AttemptStatusAt.Ended
                && course.IsEndSeen
                && (!course.Run.Superseded || course.Next is not null)
                && course.Run.ExpiresAt != analysis.AsOf;
            var its = stage switch
            {
                AttemptStatusAt.Running => TimeKind.Work,
                AttemptStatusAt.Queued => TimeKind.Queue,
                AttemptStatusAt.Paused => TimeKind.Blocked,
                _ => TimeKind.Person,
            };
            if (its < segment.Kind)
            {
                segment = segment with
                {
                    Kind = its,
                    Task = course.Run.Type,
                    Status = its == TimeKind.Blocked ? UpgradeTaskStatus.Pause : course.Run.Status,
                    Reason = its == TimeKind.Blocked ? BlockingReason.Paused : null,
                };
            }
        }

        return segment.Kind != TimeKind.Person ? segment
            : unknown ? segment with { Kind = TimeKind.Unknown }
            : !begun ? BeforeAll(segment, analysis)
            : Idle(segment, isAsNow ? analysis : analysis.At(moment, courses));
    }

    /// <summary>Before any run the first required task was awaited: what it depends on would be required, and before it.</summary>
    private static TimeSegment BeforeAll(TimeSegment segment, WorkflowAnalysis analysis) =>
        analysis.Tasks.Find(static task => task.Required) is not { } first
            ? segment
            : segment with
            {
                Task = first.Type,
                Status = UpgradeTaskStatus.NotStarted,
                Reason = BlockingReason.AwaitingStart,
            };

    /// <summary>By what blocked while nothing was under way.</summary>
    private static TimeSegment Idle(TimeSegment segment, WorkflowAnalysis past) =>
        BlockingTaskFinder.Find(past) is not { } blockage
            ? segment
            : segment with
            {
                Kind = blockage.Reason switch
                {
                    BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation => TimeKind.Person,
                    BlockingReason.Unknown => TimeKind.Unknown,
                    _ => TimeKind.Blocked,
                },
                Task = blockage.Task.Type,
                Status = blockage.Task.Status,
                Reason = blockage.Reason,
            };
}
