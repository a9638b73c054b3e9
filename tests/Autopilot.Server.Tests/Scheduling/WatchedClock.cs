using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Server.Tests.Scheduling;

/// <summary>
/// A clock that stands still until a test moves it, and reports when code waits on it: a test moves it only while the code under test
/// sleeps.
/// </summary>
internal sealed class WatchedClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    private readonly Channel<int> _sleeps = Channel.CreateUnbounded<int>();
    private int _waits;

    /// <summary>Waits begun so far.</summary>
    public int Waits => _waits;

    /// <summary>When the last wait that was begun ends.</summary>
    public DateTimeOffset WakesAt { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        WakesAt = GetUtcNow() + dueTime;
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _sleeps.Writer.TryWrite(Interlocked.Increment(ref _waits));
        return timer;
    }

    /// <summary>Returns once one more wait has begun.</summary>
    public async Task AsleepAsync() => await _sleeps.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
