namespace Autopilot.Core.Notifications;

/// <summary>How a webhook took the sample.</summary>
public sealed record TestedWebhook(Webhook Webhook, SendResult Result);
