namespace Autopilot.Server.Scheduling;

/// <summary>
/// When to read the queue again: at once after work, soon around a tick, and less and less often until the next one. The cost of an idle
/// worker follows from it.
/// </summary>
internal sealed class QueueBackoff
{
    /// <summary>After the first empty read.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>However long nothing has come: ticks may be distant, and schedulers may keep another schedule.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A dispatch reads the shards first.</summary>
    internal static readonly TimeSpan AfterTick = TimeSpan.FromMilliseconds(50);

    private TimeSpan _next = Shortest;

    /// <summary>Something was there: more may be.</summary>
    public void Found() => _next = Shortest;

    /// <summary>Nothing was there: how long to wait.</summary>
    /// <param name="untilTick">Until the schedule's next occurrence; null without a schedule.</param>
    public TimeSpan Missed(TimeSpan? untilTick)
    {
        var wait = _next;
        if (untilTick is { } left && left + AfterTick <= wait)
        {
            _next = Shortest;
            return left + AfterTick;
        }

        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }
}
