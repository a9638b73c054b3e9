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
        var segments = new List<TimeSegment>();
        foreach (var turn in TurnsOf(reading, courses, from, to))
        {
            var segment = KindAt(reading, courses, from) with { From = from, To = turn };
            if (segments is [.., var last] && last.IsSameAs(segment))
            {
                segments[^1] = last with { To = turn };
            }
            else
            {
                segments.Add(segment);
            }

            from = turn;
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
                courses.AddRange(RunCourse.Of(reading, task.Runs[i], i + 1 < task.Runs.Count ? task.Runs[i + 1] : null));
            }
        }

        return courses;
    }

    /// <summary>The moments within the time at which anything may turn, in order, and its end.</summary>
    public static SortedSet<DateTimeOffset> TurnsOf(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset from, DateTimeOffset to)
    {
        var turns = new SortedSet<DateTimeOffset>();
        foreach (var course in courses)
        {
            turns.UnionWith(course.Turns());
        }

        foreach (var gap in reading.Row.Gaps)
        {
            turns.Add(gap.From);
            turns.Add(gap.To);
        }

        turns.RemoveWhere(turn => turn <= from || turn >= to);
        if (to > from)
        {
            turns.Add(to);
        }

        return turns;
    }

    private static TimeSegment KindAt(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset moment)
    {
        var segment = new TimeSegment { Kind = TimeKind.Person };
        var unknown = false;
        foreach (var course in courses)
        {
            var stage = course.At(moment);
            unknown |= stage == RunStage.Unknown;
            var its = stage switch { RunStage.Running => TimeKind.Work, RunStage.Queued => TimeKind.Queue, RunStage.Paused => TimeKind.Blocked, _ => TimeKind.Person };
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

        return segment.Kind != TimeKind.Person ? segment : unknown ? segment with { Kind = TimeKind.Unknown } : Idle(segment, reading.At(moment, courses));
    }

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
