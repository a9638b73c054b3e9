using Autopilot.Core.Concurrency;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>Who polls a shard, on its board. It expires by itself, so that a poller that died keeps nobody out for long.</summary>
/// <param name="Holder">Names one poller's one pass, never two.</param>
/// <param name="Until">When it ends unless its holder ends it before.</param>
public sealed record ShardLease(string Holder, DateTimeOffset Until)
{
    /// <summary>Whether it still keeps others out.</summary>
    /// <param name="now">By the clock of whoever asks.</param>
    /// <param name="longest">The longest that a lease is given for.</param>
    public bool HoldsAt(DateTimeOffset now, TimeSpan longest) => !Deadline.HasPassed(Until, now, longest);
}
