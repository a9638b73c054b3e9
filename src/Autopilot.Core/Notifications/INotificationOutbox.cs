using System.Text.Json.Serialization;
using Autopilot.Core.Tracking;

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
    /// Takes a workflow's queue for a while, so that its order is kept when several processes deliver. Null when somebody else was faster.
    /// </summary>
    Task<WaitingNotifications?> ClaimAsync(WaitingNotifications waiting, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Most notifications that are taken out at once.</summary>
    const int MaxDone = 40;

    /// <summary>
    /// In one transaction: takes the first <paramref name="done"/> notifications out (at most <see cref="MaxDone"/>), keeps how far each webhook is and when it last took one, records what was given up, and
    /// releases the claim. False when the claim was lost meanwhile: then what was delivered is delivered again.
    /// </summary>
    Task<bool> CommitProgressAsync(WaitingNotifications claimed, int done, IReadOnlyDictionary<string, DeliveryCursor> cursors, IReadOnlyList<UndeliveredNotification> givenUp, CancellationToken cancellationToken);

    /// <summary>Deletes a shard's records of what was given up before a moment.</summary>
    Task ForgetUndeliveredAsync(Shard shard, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Deletes a shard's notes of when these webhooks last took a notification.</summary>
    /// <param name="webhooks">Their names, exactly as <see cref="OutboxStatus.LastDelivered"/> has them; a name without a note is no error.</param>
    Task ForgetDeliveredAsync(Shard shard, IReadOnlyCollection<string> webhooks, CancellationToken cancellationToken);

    /// <summary>What was given up, over all shards, the newest first, at most <paramref name="atMost"/>.</summary>
    /// <param name="unreadable">Counts the records that cannot be read, which are left out.</param>
    Task<IReadOnlyList<UndeliveredNotification>> ReadUndeliveredAsync(int atMost, UnreadableCount unreadable, CancellationToken cancellationToken);
}

/// <summary>One workflow's queue.</summary>
/// <param name="Notifications">In order, at least one, the oldest first.</param>
/// <param name="Cursors">How far each webhook is, by its name; none where it has not begun.</param>
/// <param name="ClaimedUntil">Whoever has claimed it is at it until then.</param>
/// <param name="Version">The store's token of the first notification's row.</param>
public sealed record WaitingNotifications(
    string WorkflowId, IReadOnlyList<Notification> Notifications, IReadOnlyDictionary<string, DeliveryCursor> Cursors, DateTimeOffset? ClaimedUntil, string? Version)
{
    /// <summary>What the first notification's row holds that this version does not know; null where it knows all.</summary>
    public UnknownContent? Unknown { get; init; }
}

/// <summary>How far a webhook is in a workflow's queue.</summary>
/// <param name="Through">Sequence of the last notification that is done for it.</param>
/// <param name="Attempts">Failed attempts with the one after that.</param>
/// <param name="NextAt">When it is tried again.</param>
/// <param name="Error">How the last attempt failed.</param>
public sealed record DeliveryCursor(long Through, int Attempts = 0, DateTimeOffset? NextAt = null, string? Error = null)
{
    /// <summary>When the webhook took one of the workflow's notifications in this turn; null where it took none.</summary>
    [JsonIgnore]
    public DateTimeOffset? DeliveredAt { get; init; }
}

/// <summary>A notification that a webhook never took.</summary>
public sealed record UndeliveredNotification
{
    public required string Webhook { get; init; }
    public required string Id { get; init; }
    public required string WorkflowId { get; init; }
    public required long Sequence { get; init; }

    /// <summary>When the turn was observed.</summary>
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset GivenUpAt { get; init; }
    public required int Attempts { get; init; }

    /// <summary>How the last attempt failed.</summary>
    public string? Error { get; init; }

    public required string Headline { get; init; }
}
