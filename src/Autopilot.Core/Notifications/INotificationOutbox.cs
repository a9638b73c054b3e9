using Autopilot.Core.Rows;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Notifications that are not delivered yet. Rows come into it only in the transaction that stores their cause. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface INotificationOutbox
{
    /// <summary>One range read: what a shard's workflows have waiting, each in order.</summary>
    Task<IReadOnlyList<WaitingNotifications>> ReadAsync(Shard shard, CancellationToken cancellationToken);

    /// <summary>One range read: what a shard's workflows have waiting, and when each webhook last took one of theirs.</summary>
    Task<OutboxStatus> ReadStatusAsync(Shard shard, CancellationToken cancellationToken);

    /// <summary>
    /// Claims a workflow's queue for a while, so that its order is kept when several processes deliver. Null when another process was
    /// faster.
    /// </summary>
    Task<WaitingNotifications?> ClaimAsync(WaitingNotifications waiting, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Most notifications that are taken out at once.</summary>
    const int MaxDone = 40;

    /// <summary>
    /// Commits, in one transaction, how far a delivery has come. It takes the first <paramref name="done"/> notifications out, at most
    /// <see cref="MaxDone"/>. It stores how far each webhook is and when it last took one, records what was given up, and releases the
    /// claim. False when the claim was lost meanwhile: then what was delivered is delivered again.
    /// </summary>
    Task<bool> CommitProgressAsync(
        WaitingNotifications claimed,
        int done,
        IReadOnlyDictionary<string, DeliveryCursor> cursors,
        IReadOnlyList<UndeliveredNotification> givenUp,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes a shard's records of abandoned notifications from before a given time.</summary>
    Task ForgetUndeliveredAsync(Shard shard, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Deletes a shard's notes of when these webhooks last took a notification.</summary>
    /// <param name="webhooks">Their names, exactly as <see cref="OutboxStatus.LastDelivered"/> has them; a name without a note is no
    /// error.</param>
    Task ForgetDeliveredAsync(Shard shard, IReadOnlyCollection<string> webhooks, CancellationToken cancellationToken);

    /// <summary>What was given up, over all shards, the newest first, at most <paramref name="atMost"/>.</summary>
    /// <param name="unreadable">Counts the records that cannot be read, which are left out.</param>
    Task<IReadOnlyList<UndeliveredNotification>> ReadUndeliveredAsync(
        int atMost,
        UnreadableCount unreadable,
        CancellationToken cancellationToken
    );
}
