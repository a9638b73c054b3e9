using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Notifications;

/// <summary>Reads from the outbox how each webhook takes its notifications, whichever process delivers them.</summary>
/// <param name="delivery">Called only where there are webhooks.</param>
public sealed class WebhookStatusReader(
    INotificationOutbox outbox,
    Func<NotificationDelivery> delivery,
    IOptions<NotificationOptions> options,
    TimeProvider clock
)
{
    /// <summary>16 range reads; none without webhooks.</summary>
    /// <param name="undelivered">What was given up, the newest first.</param>
    /// <returns>The webhooks in the order of the settings.</returns>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<WebhookStatus>> ReadAsync(
        IReadOnlyList<UndeliveredNotification> undelivered,
        CancellationToken cancellationToken
    )
    {
        if (options.Value.Webhooks.Count == 0)
        {
            return [];
        }

        var shards = await Task.WhenAll(Shard.All.Select(shard => outbox.ReadStatusAsync(shard, cancellationToken)));
        return [.. options.Value.Webhooks.Select(webhook => StatusOf(webhook, shards, undelivered))];
    }

    private WebhookStatus StatusOf(Webhook webhook, OutboxStatus[] shards, IReadOnlyList<UndeliveredNotification> undelivered)
    {
        var now = clock.GetUtcNow();
        var (waiting, oldest, next) = (0, (DateTimeOffset?)null, (DateTimeOffset?)null);
        (DateTimeOffset? At, string? Error) failed = default;
        foreach (var queue in shards.SelectMany(shard => shard.Waiting))
        {
            var mine = WebhookBacklog.WaitingFor(webhook, queue.Notifications, queue.Cursors.GetValueOrDefault(webhook.Name));
            if (mine.Count == 0)
            {
                continue;
            }

            waiting += mine.Count;
            oldest = Instants.Earlier(oldest, mine.Oldest);
            next = Instants.Earlier(next, delivery().NextAttemptAt(webhook, queue, now));
            if (
                queue.Cursors.GetValueOrDefault(webhook.Name) is { Error: { } error, NextAt: var at }
                && (failed.Error is null || at > failed.At)
            )
            {
                failed = (at, error);
            }
        }

        var delivered = shards
            .Select(shard => shard.LastDelivered.TryGetValue(webhook.Name, out var at) ? at : (DateTimeOffset?)null)
            .Max();
        var givenUp = undelivered.FirstOrDefault(record => record.Webhook == webhook.Name && !(record.GivenUpAt <= delivered));
        return new WebhookStatus(webhook, delivered, waiting, oldest, failed.Error ?? givenUp?.Error, next);
    }
}
