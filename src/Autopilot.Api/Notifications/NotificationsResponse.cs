using Autopilot.Core.Notifications;

namespace Autopilot.Api.Notifications;

/// <summary>Who is told what, and what was not taken.</summary>
/// <param name="Webhooks">Who is told.</param>
/// <param name="SettleSeconds">How long a state must last before it is told.</param>
/// <param name="Undelivered">What was given up, the newest 100.</param>
/// <param name="Unreadable">Stored records of what was given up that cannot be read; null where there are none.</param>
internal sealed record NotificationsResponse(
    IReadOnlyList<WebhookResponse> Webhooks,
    double SettleSeconds,
    IReadOnlyList<UndeliveredNotification> Undelivered,
    int? Unreadable
);
