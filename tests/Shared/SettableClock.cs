using Microsoft.Extensions.Time.Testing;

namespace Autopilot.Testing;

/// <summary>
/// A clock that stands still until the test moves it, and that can be set: the time of day jumps, while timers and timestamps continue as
/// on a real machine.
/// </summary>
internal sealed class SettableClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>How far the time of day is off.</summary>
    public TimeSpan Off { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Off;

    // The base makes one of the other.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
