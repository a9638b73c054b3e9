namespace Autopilot.Core.Workflows;

/// <summary>
/// The time from creation to the end, or to the observation, split so that every second counts once. The five sum to the elapsed time to
/// the microsecond. Where several apply at once, the first of work, queue, blocked and person counts. All in seconds.
/// </summary>
/// <param name="WorkSeconds">Something was running.</param>
/// <param name="PersonSeconds">A person could act and did not; also while all required tasks were done and the workflow had not
/// ended.</param>
/// <param name="QueueSeconds">A task was queued upstream.</param>
/// <param name="BlockedSeconds">Failed, paused, expired or rolled back, until a person acted.</param>
/// <param name="UnknownSeconds">Neither upstream's own times nor observations say.</param>
public sealed record TimeSplit(double WorkSeconds, double PersonSeconds, double QueueSeconds, double BlockedSeconds, double UnknownSeconds)
{
    /// <summary>The split of a reading; null where the elapsed time is unknown.</summary>
    internal static TimeSplit? Of(WorkflowAnalysis analysis) => analysis.Elapsed is null ? null : Of(TimeSegments.Of(analysis));

    /// <summary>The sum of some stretches of time.</summary>
    internal static TimeSplit Of(IReadOnlyList<TimeSegment> segments)
    {
        Span<long> ticks = stackalloc long[(int)TimeKind.Unknown + 1];
        _ = Add(ticks, segments, null);
        return Of(ticks);
    }

    /// <summary>The sum of those of one task; null where it has none.</summary>
    internal static TimeSplit? Of(IReadOnlyList<TimeSegment> segments, UpgradeTaskType task)
    {
        Span<long> ticks = stackalloc long[(int)TimeKind.Unknown + 1];
        return Add(ticks, segments, task) ? Of(ticks) : null;
    }

    private static bool Add(Span<long> ticks, IReadOnlyList<TimeSegment> segments, UpgradeTaskType? task)
    {
        var any = false;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (task is null || segment.Task == task)
            {
                ticks[(int)segment.Kind] += (segment.To - segment.From).Ticks;
                any = true;
            }
        }

        return any;
    }

    private static TimeSplit Of(Span<long> ticks) =>
        new(
            Seconds(ticks, TimeKind.Work),
            Seconds(ticks, TimeKind.Person),
            Seconds(ticks, TimeKind.Queue),
            Seconds(ticks, TimeKind.Blocked),
            Seconds(ticks, TimeKind.Unknown)
        );

    private static double Seconds(Span<long> ticks, TimeKind kind) => TimeSpan.FromTicks(ticks[(int)kind]).TotalSeconds;
}
