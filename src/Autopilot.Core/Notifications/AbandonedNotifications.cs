using Autopilot.Core.Rows;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Deletes what no webhook needs any more. That is notifications that were still waiting when the last webhook was taken out of the
/// settings. It is also notes of when a webhook that is not in the settings last took one. Delivery gives up far sooner wherever it runs at
/// all, so that no receiver still waits for anything this old.
/// </summary>
internal static class AbandonedNotifications
{
    /// <summary>
    /// Takes notifications from before a given time out of a shard's outbox. It costs one range read, two writes per workflow that has
    /// some, and one for all records. The rest is taken the next time.
    /// </summary>
    /// <param name="webhooks">Names of the webhooks in the settings, whose notes stay.</param>
    public static async Task ForgetAsync(
        INotificationOutbox outbox,
        Shard shard,
        IReadOnlySet<string> webhooks,
        DateTimeOffset before,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var status = await outbox.ReadStatusAsync(shard, cancellationToken);
        foreach (var waiting in status.Waiting)
        {
            var old = waiting.Notifications.Take(INotificationOutbox.MaxDone).TakeWhile(notification => notification.At < before).Count();
            if (old > 0 && await outbox.ClaimAsync(waiting, now + NotificationDelivery.Claim, cancellationToken) is { } claimed)
            {
                await outbox.CommitProgressAsync(claimed, old, claimed.Cursors, [], cancellationToken);
            }
        }

        // Another process may have other settings, during a deployment for example: what is recent may be its own.
        var removed = status
            .LastDelivered.Where(note => note.Value < before && !webhooks.Contains(note.Key))
            .Select(note => note.Key)
            .ToList();
        if (removed.Count > 0)
        {
            await outbox.ForgetDeliveredAsync(shard, removed, cancellationToken);
        }
    }
}
