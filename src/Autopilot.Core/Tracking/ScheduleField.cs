using System.Globalization;
using NCrontab;

namespace Autopilot.Core.Tracking;

/// <summary>One field of a schedule that NCRONTAB has read.</summary>
/// <param name="kind">Which.</param>
/// <param name="text">As it was given.</param>
internal sealed class ScheduleField(CrontabFieldKind kind, string text)
{
    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames;
    private static readonly string[] Weekdays = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames;

    private readonly CrontabField _field = CrontabField.Parse(kind, text);

    private (int Least, int Most, string One, string Many) Shape =>
        kind switch
        {
            CrontabFieldKind.Second => (0, 59, "second", "seconds"),
            CrontabFieldKind.Minute => (0, 59, "minute", "minutes"),
            CrontabFieldKind.Hour => (0, 23, "hour", "hours"),
            CrontabFieldKind.Day => (1, 31, "day of the month", "days of the month"),
            CrontabFieldKind.Month => (1, 12, "month", "months"),
            _ => (0, 6, "weekday", "weekdays"),
        };

    /// <summary>Whether a part of a field, such as <c>*/5</c>, has a step below 1.</summary>
    public static bool HasStepBelowOne(string part) => StepOf(part) < 1;

    /// <summary>What it means, such as <c>hours 6-22</c> or <c>every minute</c>.</summary>
    public string SpelledOut()
    {
        var (least, most, one, many) = Shape;
        var values = Enumerable.Range(least, most - least + 1).Where(_field.Contains).ToList();
        if (values.Count == most - least + 1)
        {
            return $"every {one}";
        }

        if (values.Count == 1)
        {
            return $"{one} {Name(values[0])}";
        }

        var steps = values.Skip(1).Zip(values, (next, value) => next - value).Distinct().ToList();
        return steps is [> 1] && values.Count > 3
            ? $"{many} {Name(values[0])}, {Name(values[1])} … {Name(values[^1])}"
            : $"{many} {string.Join(", ", Ranges(values).Select(range => Name(range.First, range.Last)))}";
    }

    /// <summary>Where NCRONTAB reads the field otherwise than it seems: a sentence each.</summary>
    public IEnumerable<string> Misreadings()
    {
        var (least, most, _, many) = Shape;
        foreach (var part in text.Split(','))
        {
            if (
                part.Split('/')[0].Split('-') is [{ Length: > 0 } from, { Length: > 0 } to]
                && (Value(from), Value(to)) is var (first, last)
                && first > last
            )
            {
                yield return $"'{part}' of its {many} runs backward: NCRONTAB takes it as {Name(last, first)}, and across the end it "
                    + $"is written {Name(first, most)},{Name(least, last)}.";
            }
            else if (StepOf(part) > most - least)
            {
                yield return $"'{part}' of its {many} steps beyond the field's end: only "
                    + $"{Name(CrontabField.Parse(kind, part).GetFirst())} is left.";
            }
        }
    }

    private static int? StepOf(string part) =>
        part.Split('/') is [_, var step] && int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static IEnumerable<(int First, int Last)> Ranges(List<int> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var first = values[i];
            while (i + 1 < values.Count && values[i + 1] == values[i] + 1)
            {
                i++;
            }

            yield return (first, values[i]);
        }
    }

    private int Value(string word) => CrontabField.Parse(kind, word).GetFirst();

    private string Name(int first, int last) => first == last ? Name(first) : $"{Name(first)}-{Name(last)}";

    private string Name(int value) =>
        kind switch
        {
            CrontabFieldKind.Month => Months[value - 1],
            CrontabFieldKind.DayOfWeek => Weekdays[value],
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
}
