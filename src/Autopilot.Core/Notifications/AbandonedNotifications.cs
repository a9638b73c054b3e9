using Autopilot.Core.Tracking;

namespace Autopilot.Core.Notifications;

/// <summary>
/// What nobody delivers any more: notifications that were still waiting when the last webhook was taken out of the settings. Delivery gives up far sooner wherever it
/// runs at all, so that nothing that somebody still waits for is this old.
/// </summary>
internal static class AbandonedNotifications
{
    /// <summary>Takes those from before a moment out of a shard's outbox: one range read, and two writes a workflow that has some. What is left over is taken the next time.</summary>
    public static async Task ForgetAsync(INotificationOutbox outbox, Shard shard, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var waiting in await outbox.ReadAsync(shard, cancellationToken))
        {
            var old = waiting.Notifications.Take(INotificationOutbox.MaxDone).TakeWhile(notification => notification.At < before).Count();
            if (old > 0 && await outbox.ClaimAsync(waiting, now + NotificationDelivery.Claim, cancellationToken) is { } claimed)
                await outbox.SettleAsync(claimed, old, claimed.Cursors, [], cancellationToken);
        }
    }
}
