namespace Autopilot.Core.Workflows;

/// <summary>Sums the time splits of runs. In ticks: a sum of fractions would depend on their order.</summary>
internal sealed class TimeSum
{
    private long _work,
        _person,
        _queue,
        _blocked,
        _unknown;

    /// <summary>Runs that had a split.</summary>
    public int Runs { get; private set; }

    /// <summary>The sum; null where no run had a split.</summary>
    public TimeSplit? Total =>
        Runs == 0 ? null : new(Seconds(_work), Seconds(_person), Seconds(_queue), Seconds(_blocked), Seconds(_unknown));

    /// <summary>Adds a run's split, if it has one.</summary>
    public void Add(TimeSplit? split)
    {
        if (split is null)
        {
            return;
        }

        Runs++;
        _work += Ticks(split.WorkSeconds);
        _person += Ticks(split.PersonSeconds);
        _queue += Ticks(split.QueueSeconds);
        _blocked += Ticks(split.BlockedSeconds);
        _unknown += Ticks(split.UnknownSeconds);
    }

    /// <summary>Adds another sum.</summary>
    public void Add(TimeSum other)
    {
        Runs += other.Runs;
        _work += other._work;
        _person += other._person;
        _queue += other._queue;
        _blocked += other._blocked;
        _unknown += other._unknown;
    }

    private static long Ticks(double seconds) => (long)Math.Round(seconds * TimeSpan.TicksPerSecond);

    private static double Seconds(long ticks) => TimeSpan.FromTicks(ticks).TotalSeconds;
}
