namespace Autopilot.Server.Scheduling;

/// <summary>
/// When to look at the queue again: at once after work, soon around a tick, and more and more seldom until the next one. What an idle
/// worker costs follows from it.
/// </summary>
internal sealed class QueueBackoff
{
    /// <summary>After the first look in vain.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>However long nothing has come: ticks may be distant, and schedulers may keep another schedule.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A dispatch looks at the shards first.</summary>
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
