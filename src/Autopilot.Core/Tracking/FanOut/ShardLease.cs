using Autopilot.Core.Concurrency;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Which process polls a shard, in the shard status. It expires by itself, so that a poller that died blocks the shard only for a while.
/// </summary>
/// <param name="Holder">Names one run of one poller, never two.</param>
/// <param name="Until">When it ends unless its holder ends it before.</param>
public sealed record ShardLease(string Holder, DateTimeOffset Until)
{
    /// <summary>Whether it still keeps others out.</summary>
    /// <param name="now">By the caller's clock.</param>
    /// <param name="longest">The longest that a lease is given for.</param>
    public bool HoldsAt(DateTimeOffset now, TimeSpan longest) => !Deadline.HasPassed(Until, now, longest);
}
