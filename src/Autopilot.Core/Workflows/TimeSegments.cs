namespace Autopilot.Core.Workflows;

/// <summary>Splits an upgrade's time from creation to its end, or to the observation, into stretches of one kind. Where nothing ran, the blocking task of that moment decides.</summary>
internal static class TimeSegments
{
    /// <summary>From the creation to the end, or to the observation: in order and without a hole; neighbours differ. Empty where the elapsed time is unknown.</summary>
    public static IReadOnlyList<TimeSegment> Of(WorkflowReading reading) =>
        reading is { Elapsed: { } elapsed, State.CreatedAt: { } created } ? Between(reading, CoursesOf(reading), created, created + elapsed) : [];

    /// <summary>Between two moments: in order and without a hole; neighbours differ.</summary>
    public static IReadOnlyList<TimeSegment> Between(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset from, DateTimeOffset to)
    {
        var turns = TurnsOf(reading, courses, from, to);
        var segments = new List<TimeSegment>(turns.Count);
        foreach (var position in turns)
        {
            var segment = KindAt(reading, courses, from, lastsUntilNow: position == to && !reading.IsTerminal) with { From = from, To = position };
            if (segments is [.., var last] && last.IsSameAs(segment))
            {
                segments[^1] = last with { To = position };
            }
            else
            {
                segments.Add(segment);
            }

            from = position;
        }

        return segments;
    }

    /// <summary>The course of every run, task by task.</summary>
    public static List<RunCourse> CoursesOf(WorkflowReading reading)
    {
        var courses = new List<RunCourse>(reading.Runs.Count);
        foreach (var task in reading.Tasks)
        {
            for (var i = 0; i < task.Runs.Count; i++)
            {
                RunCourse.AddTo(courses, reading, task.Runs[i], i + 1 < task.Runs.Count ? task.Runs[i + 1] : null);
            }
        }

        return courses;
    }

    /// <summary>The moments within the time at which anything may turn, in order, and its end.</summary>
    public static List<DateTimeOffset> TurnsOf(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset from, DateTimeOffset to)
    {
        var turns = new List<DateTimeOffset>(1 + (10 * courses.Count) + (2 * reading.Row.Gaps.Count));
        foreach (var course in courses)
        {
            course.AddTurns(turns);
        }

        for (var i = 0; i < reading.Row.Gaps.Count; i++)
        {
            turns.Add(reading.Row.Gaps[i].From);
            turns.Add(reading.Row.Gaps[i].To);
        }

        turns.Add(to);
        turns.Sort();
        var (kept, last) = (0, from);
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i] > last && turns[i] <= to)
            {
                last = turns[i];
                turns[kept++] = last;
            }
        }

        turns.RemoveRange(kept, turns.Count - kept);
        return turns;
    }

    private static TimeSegment KindAt(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset moment, bool lastsUntilNow)
    {
        var segment = new TimeSegment { Kind = TimeKind.Person };
        var (unknown, begun, isAsNow) = (false, false, lastsUntilNow);
        foreach (var course in courses)
        {
            var stage = course.At(moment);
            unknown |= stage == RunStage.Unknown;
            begun |= stage == RunStage.Ended;
            isAsNow &= stage == RunStage.Ended && course.IsEndSeen && (!course.Run.Superseded || course.Next is not null)
                && course.Run.ExpiresAt != reading.AsOf;
            var its = stage switch
            {
                RunStage.Running => TimeKind.Work,
                RunStage.Queued => TimeKind.Queue,
                RunStage.Paused => TimeKind.Blocked,
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
            : !begun ? BeforeAll(segment, reading)
            : Idle(segment, isAsNow ? reading : reading.At(moment, courses));
    }

    /// <summary>Before any run the first required task was awaited: what it depends on would be required, and before it.</summary>
    private static TimeSegment BeforeAll(TimeSegment segment, WorkflowReading reading) =>
        reading.Tasks.Find(static task => task.Required) is not { } first ? segment : segment with
        {
            Task = first.Type,
            Status = UpgradeTaskStatus.NotStarted,
            Reason = BlockingReason.AwaitingStart,
        };

    /// <summary>By what blocked while nothing was under way.</summary>
    private static TimeSegment Idle(TimeSegment segment, WorkflowReading past) => BlockingTaskFinder.Find(past) is not { } blockage ? segment : segment with
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
