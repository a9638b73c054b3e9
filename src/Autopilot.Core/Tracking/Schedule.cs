using System.Globalization;
using NCrontab;

namespace Autopilot.Core.Tracking;

/// <summary>An NCRONTAB schedule of six fields, in UTC: the timer trigger's own dialect.</summary>
public sealed class Schedule
{
    private readonly CrontabSchedule _schedule;
    private readonly IReadOnlyList<ScheduleField> _fields;

    private Schedule(string expression, CrontabSchedule schedule)
    {
        (Expression, _schedule) = (expression, schedule);
        _fields = [.. Split(expression).Zip(Enum.GetValues<CrontabFieldKind>(), (text, kind) => new ScheduleField(kind, text))];
        Misreadings = [.. _fields.SelectMany(field => field.Misreadings())];
    }

    /// <summary>What <c>PollSchedule</c> or <c>RetentionSchedule</c> has in a server without a scheduler of its own.</summary>
    public const string Disabled = "disabled";

    /// <summary>As it was given.</summary>
    public string Expression { get; }

    /// <summary>
    /// Where NCRONTAB reads the expression otherwise than it seems, such as a range that runs backward: a sentence each; as a rule none.
    /// </summary>
    public IReadOnlyList<string> Misreadings { get; }

    /// <summary>
    /// Reads an expression, or returns null: six fields, with seconds, that name a time which comes (unlike 30 February), without steps
    /// below 1.
    /// </summary>
    public static Schedule? TryParse(string? expression) =>
        expression is not null
        && Parse(expression) is { } schedule
        && StepBelowOne(expression) is null
        && schedule.GetNextOccurrence(DateTime.UnixEpoch) < DateTime.MaxValue.AddYears(-1)
            ? new Schedule(expression, schedule)
            : null;

    /// <summary>
    /// The first part of an expression with a step below 1, which NCRONTAB takes for a step of 1; null where there is none.
    /// </summary>
    public static string? StepBelowOne(string expression) =>
        Split(expression).SelectMany(field => field.Split(',')).FirstOrDefault(ScheduleField.HasStepBelowOne);

    /// <summary>The first occurrence after <paramref name="moment"/>, in UTC.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset moment) => new(_schedule.GetNextOccurrence(moment.UtcDateTime), TimeSpan.Zero);

    /// <summary>The distance between the next two occurrences after <paramref name="moment"/>.</summary>
    public TimeSpan TickAt(DateTimeOffset moment)
    {
        var next = NextAfter(moment);
        return NextAfter(next) - next;
    }

    /// <summary>The meaning: each field as text, and the next three occurrences.</summary>
    /// <param name="moment">The present.</param>
    public string SpelledOut(DateTimeOffset moment)
    {
        var first = NextAfter(moment);
        var second = NextAfter(first);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join("; ", _fields.Select(field => field.SpelledOut()))}; next at {first:yyyy-MM-dd HH:mm:ss}, "
                + $"{second:yyyy-MM-dd HH:mm:ss} and {NextAfter(second):yyyy-MM-dd HH:mm:ss} UTC"
        );
    }

    private static CrontabSchedule? Parse(string expression)
    {
        try
        {
            return CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
        }
        catch (Exception exception) when (exception is OverflowException or FormatException)
        {
            // The library throws for some numbers that are none.
            return null;
        }
    }

    private static string[] Split(string expression) => expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
