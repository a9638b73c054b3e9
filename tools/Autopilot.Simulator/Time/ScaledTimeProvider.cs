namespace Autopilot.Simulator.Time;

/// <summary>
/// A clock that starts at a chosen moment and runs faster (or slower) than the real one: timers, timestamps and the time of day alike, so
/// that everything that takes its time from here runs on one consistent, faster time. Immutable, hence safe for any number of threads.
/// </summary>
public sealed class ScaledTimeProvider : TimeProvider
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly DateTimeOffset _origin;
    private readonly TimeProvider _real;
    private readonly long _start;

    /// <param name="origin">The time of day at this moment; it is taken as UTC.</param>
    /// <param name="speed">Seconds that pass here in a real second, more than 0 and at most 1,000,000.</param>
    /// <param name="real">The clock underneath; the system's own by default.</param>
    public ScaledTimeProvider(DateTimeOffset origin, double speed, TimeProvider? real = null)
    {
        if (!(speed is > 0 and <= 1_000_000))
        {
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "Speed is more than 0 and at most 1,000,000.");
        }

        _origin = origin.ToUniversalTime();
        _real = real ?? System;
        _start = _real.GetTimestamp();
        Speed = speed;
    }

    /// <summary>Seconds that pass here in a real second.</summary>
    public double Speed { get; }

    /// <summary>Where this clock began.</summary>
    public DateTimeOffset Origin => _origin;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _origin.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(_real.GetElapsedTime(_start).Ticks * Speed);

    /// <summary>How long a span of this clock takes in the real world.</summary>
    public TimeSpan RealTime(TimeSpan span) => span / Speed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(this, _real.CreateTimer(callback, state, Due(dueTime), Period(period)));

    // A timer of the system fires on whole milliseconds and up to one of them early, which is a long time here: after a wait the time must
    // have passed.
    private TimeSpan Due(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : Cut(TimeSpan.FromMilliseconds(Math.Ceiling(RealTime(span).TotalMilliseconds) + 1));

    // A period that rounds to nothing would mean "only once".
    private TimeSpan Period(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : Cut(TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(RealTime(span).TotalMilliseconds))));

    private static TimeSpan Cut(TimeSpan span) => span < LongestTimer ? span : LongestTimer;

    private sealed class ScaledTimer(ScaledTimeProvider clock, ITimer real) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(clock.Due(dueTime), clock.Period(period));

        public void Dispose() => real.Dispose();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
