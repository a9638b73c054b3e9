using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Lets one poller at a time into a shard, where polling fans out. It saves upstream requests and conflicts, and is never what keeps a
/// history right: a poller whose lease ran out while it slept still writes on condition that nobody has observed since.
/// </summary>
internal sealed class ShardLeases(Func<IShardStatusStore> statuses, PollingOptions options, TimeProvider clock)
{
    /// <summary>
    /// Whether leases are kept. Inline there is one poller per app, and what little overlaps (a timer that lost its lock, somebody's
    /// <c>POST /api/poll</c>) is settled row by row: sixteen writes a cycle would buy nothing.
    /// </summary>
    public bool AreKept => options.FanOut is FanOutMode.Queue;

    /// <summary>
    /// No lease is given for longer, with a minute for clocks that differ: a cycle at somebody's wish has a budget of its own, of less than
    /// four minutes.
    /// </summary>
    public static TimeSpan Longest(PollingOptions options)
    {
        var atWish = TimeSpan.FromMinutes(4);
        return (options.CycleBudget > atWish ? options.CycleBudget : atWish) + options.LeaseMargin + TimeSpan.FromMinutes(1);
    }

    /// <summary>The lease of another poller that keeps us out, or null.</summary>
    public ShardLease? OfAnother(ShardStatus? status) =>
        AreKept && status?.Lease is { } lease && lease.HoldsAt(clock.GetUtcNow(), Longest(options)) ? lease : null;

    /// <summary>Takes the shard for one pass with this budget; null when somebody else was faster.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public Task<ShardStatus?> TakeAsync(Shard shard, ShardStatus? status, TimeSpan budget, CancellationToken cancellationToken) =>
        statuses()
            .TakeLeaseAsync(
                shard,
                status,
                new ShardLease(Guid.NewGuid().ToString("N"), clock.GetUtcNow() + budget + options.LeaseMargin),
                cancellationToken
            );
}
