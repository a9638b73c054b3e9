using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Summaries;

/// <summary>A time split as text.</summary>
public static class TimeSplitPhrases
{
    /// <summary>
    /// "5 h of waiting for people, 1 h 20 min of work, 3 min blocked". The largest comes first, and those of less than a second are left
    /// out. Empty where there are none.
    /// </summary>
    public static string Parts(TimeSplit time)
    {
        IEnumerable<(double Seconds, string What)> parts =
        [
            (time.WorkSeconds, "of work"),
            (time.PersonSeconds, "of waiting for people"),
            (time.QueueSeconds, "queued upstream"),
            (time.BlockedSeconds, "blocked"),
            (time.UnknownSeconds, "unknown"),
        ];
        return string.Join(
            ", ",
            parts
                .Where(part => part.Seconds >= 1)
                .OrderByDescending(part => part.Seconds)
                .Select(part => $"{SummaryPhrases.Span(part.Seconds)} {part.What}")
        );
    }
}
