using Autopilot.Core.Notifications;

namespace Autopilot.Api.Notifications;

/// <summary>The webhooks, what each is notified of, and what could not be delivered.</summary>
/// <param name="Webhooks">The webhooks that are set.</param>
/// <param name="SettleSeconds">Seconds that a state must last before webhooks are notified of it (<c>Notifications:SettleFor</c>).</param>
/// <param name="Undelivered">The newest 100 notifications whose delivery was given up.</param>
/// <param name="Unreadable">Stored records of what was given up that cannot be read; null where there are none.</param>
internal sealed record NotificationsResponse(
    IReadOnlyList<WebhookResponse> Webhooks,
    double SettleSeconds,
    IReadOnlyList<UndeliveredNotification> Undelivered,
    int? Unreadable
);
