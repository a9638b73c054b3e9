using Autopilot.Core.Rows;

namespace Autopilot.Core.Retention;

/// <summary>
/// What retention needs of the store. Every method throws <see cref="StorageUnavailableException"/> when it cannot be reached, and nothing
/// else of the store's own.
/// </summary>
public interface IRetentionStore
{
    /// <summary>
    /// What is past its retention in one shard, in no promised order. Active workflows are never among it, but for purges that were
    /// interrupted.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="limits">Since when things are past their retention.</param>
    /// <param name="unreadable">Counts the rows that were met and cannot be read: they are never deleted for their age.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<ExpiredWorkflow> FindExpiredAsync(
        Shard shard,
        RetentionLimits limits,
        UnreadableCount unreadable,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Deletes it, in batches. Each is conditional on the row being the one that was found, so that what a person took up again meanwhile
    /// stays whole. Cancelled half-way, it is found again and the rest goes then.
    /// </summary>
    /// <returns>False when the row is another one by now: nothing more was deleted.</returns>
    Task<bool> DeleteAsync(ExpiredWorkflow expired, CancellationToken cancellationToken);

    /// <summary>How many runs ended before that time: a read per thousand.</summary>
    Task<long> CountRunsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the runs that ended before that time, the oldest month first; yields the size of each batch once it is gone.
    /// </summary>
    IAsyncEnumerable<int> DeleteRunsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken);

    /// <summary>When the last run began and what it did; null before the first.</summary>
    Task<RetentionRecord?> ReadLastAsync(CancellationToken cancellationToken);

    /// <summary>Stores the record of a run in place of the one before.</summary>
    Task WriteLastAsync(RetentionRecord record, CancellationToken cancellationToken);
}
