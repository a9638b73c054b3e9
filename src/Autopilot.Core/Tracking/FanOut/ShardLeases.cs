using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Admits one poller at a time to a shard, where polling fans out. It saves upstream requests and conflicts, and the history does not
/// depend on it. A poller whose lease expired while it slept still writes on condition that the rows are unchanged.
/// </summary>
internal sealed class ShardLeases(Func<IShardStatusStore> statuses, PollingOptions options, TimeProvider clock)
{
    /// <summary>
    /// Whether leases are used. Inline there is one poller per app. The rare overlaps (a timer that lost its lock, a <c>POST /api/poll</c>)
    /// are reconciled row by row. Leases would cost sixteen writes a cycle for nothing.
    /// </summary>
    public bool AreKept => options.FanOut is FanOutMode.Queue;

    /// <summary>
    /// Longest lease, with a minute for clocks that differ: a requested cycle has a budget of its own, of less than four minutes.
    /// </summary>
    public static TimeSpan Longest(PollingOptions options)
    {
        var onRequest = TimeSpan.FromMinutes(4);
        return (options.CycleBudget > onRequest ? options.CycleBudget : onRequest) + options.LeaseMargin + TimeSpan.FromMinutes(1);
    }

    /// <summary>The lease of another poller that keeps us out, or null.</summary>
    public ShardLease? OfAnother(ShardStatus? status) =>
        AreKept && status?.Lease is { } lease && lease.HoldsAt(clock.GetUtcNow(), Longest(options)) ? lease : null;

    /// <summary>Takes the shard for one run with this budget; null when another poller was faster.</summary>
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
