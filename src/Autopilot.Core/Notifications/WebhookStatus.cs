namespace Autopilot.Core.Notifications;

/// <summary>How a webhook takes its notifications.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="LastDeliveredAt">When it last took one; null where it never has.</param>
/// <param name="Waiting">Notifications that it has not accepted yet, including those that wait for <c>Notifications:SettleFor</c>.</param>
/// <param name="OldestWaitingAt">When the oldest of them was observed; null where none waits.</param>
/// <param name="LastError">How the last attempt failed, in our own text; null where it succeeded.</param>
/// <param name="NextAttemptAt">When the next attempt is due at the earliest; null where none waits.</param>
public sealed record WebhookStatus(
    Webhook Webhook,
    DateTimeOffset? LastDeliveredAt,
    int Waiting,
    DateTimeOffset? OldestWaitingAt,
    string? LastError,
    DateTimeOffset? NextAttemptAt
);
