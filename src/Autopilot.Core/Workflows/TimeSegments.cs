namespace Autopilot.Core.Workflows;

/// <summary>Splits an upgrade's time from creation to its end, or to the observation, into stretches of one kind. Where nothing ran, the blocking task of that moment decides.</summary>
internal static class TimeSegments
{
    /// <summary>In order and without a hole; neighbours differ. Empty where the elapsed time is unknown.</summary>
    public static IReadOnlyList<TimeSegment> Of(WorkflowReading reading)
    {
        var segments = new List<TimeSegment>();
        if (reading.Elapsed is not { } elapsed)
        {
            return segments;
        }

        var from = reading.State.CreatedAt!.Value;
        var to = from + elapsed;
        var courses = CoursesOf(reading);
        foreach (var turn in TurnsOf(reading, courses, from, to))
        {
            var (kind, task) = KindAt(reading, courses, from);
            if (segments is [.., var last] && last.Kind == kind && last.Task == task)
            {
                segments[^1] = last with { To = turn };
            }
            else
            {
                segments.Add(new(from, turn, kind, task));
            }

            from = turn;
        }

        return segments;
    }

    private static List<RunCourse> CoursesOf(WorkflowReading reading)
    {
        var courses = new List<RunCourse>(reading.Runs.Count);
        foreach (var task in reading.Tasks)
        {
            for (var i = 0; i < task.Runs.Count; i++)
            {
                courses.Add(new RunCourse(reading, task.Runs[i], i + 1 < task.Runs.Count ? task.Runs[i + 1] : null));
            }
        }

        return courses;
    }

    /// <summary>The moments within the time at which anything may turn, in order, and its end.</summary>
    private static SortedSet<DateTimeOffset> TurnsOf(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset from, DateTimeOffset to)
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

    private static (TimeKind Kind, UpgradeTaskType? Task) KindAt(WorkflowReading reading, List<RunCourse> courses, DateTimeOffset moment)
    {
        var (kind, task) = (TimeKind.Person, (UpgradeTaskType?)null);
        var unknown = false;
        foreach (var course in courses)
        {
            var stage = course.At(moment);
            unknown |= stage == RunStage.Unknown;
            var its = stage switch { RunStage.Running => TimeKind.Work, RunStage.Queued => TimeKind.Queue, RunStage.Paused => TimeKind.Blocked, _ => TimeKind.Person };
            if (its < kind)
            {
                (kind, task) = (its, course.Run.Type);
            }
        }

        return kind != TimeKind.Person ? (kind, task) : unknown ? (TimeKind.Unknown, null) : Idle(reading.At(moment, courses));
    }

    /// <summary>By what blocked while nothing was under way.</summary>
    private static (TimeKind Kind, UpgradeTaskType? Task) Idle(WorkflowReading past) => BlockingTaskFinder.Find(past) switch
    {
        null => (TimeKind.Person, null),
        { Reason: BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation, Task.Type: var type } => (TimeKind.Person, type),
        { Reason: BlockingReason.Unknown, Task.Type: var type } => (TimeKind.Unknown, type),
        { Task.Type: var type } => (TimeKind.Blocked, type),
    };
}
