using NCrontab;

namespace Autopilot.Core.Tracking;

/// <summary>An NCRONTAB schedule of six fields, in UTC: the timer trigger's own dialect.</summary>
public sealed class Schedule
{
    private readonly CrontabSchedule _schedule;

    private Schedule(string expression, CrontabSchedule schedule)
    {
        Expression = expression;
        _schedule = schedule;
    }

    /// <summary>What <c>PollSchedule</c> or <c>RetentionSchedule</c> says in the server head to have no scheduler of its own.</summary>
    public const string Disabled = "disabled";

    /// <summary>As it was given.</summary>
    public string Expression { get; }

    /// <summary>Reads an expression, or answers null: six fields, with seconds, that name a moment which comes (unlike 30 February).</summary>
    public static Schedule? TryParse(string? expression) =>
        expression is not null && CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is { } schedule
        && schedule.GetNextOccurrence(DateTime.UnixEpoch) < DateTime.MaxValue.AddYears(-1)
            ? new Schedule(expression, schedule)
            : null;

    /// <summary>The first occurrence after <paramref name="moment"/>, in UTC.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset moment) => new(_schedule.GetNextOccurrence(moment.UtcDateTime), TimeSpan.Zero);

    /// <summary>The distance between the next two occurrences after <paramref name="moment"/>.</summary>
    public TimeSpan TickAt(DateTimeOffset moment)
    {
        var next = NextAfter(moment);
        return NextAfter(next) - next;
    }
}
