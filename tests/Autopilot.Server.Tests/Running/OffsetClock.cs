namespace Autopilot.Server.Tests.Running;

/// <summary>A clock that runs like the true one but is set wrong.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
