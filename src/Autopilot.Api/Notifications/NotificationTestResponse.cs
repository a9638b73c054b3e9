namespace Autopilot.Api.Notifications;

/// <summary>How the webhooks took a sample.</summary>
internal sealed record NotificationTestResponse(int Delivered, int Failed, IReadOnlyList<WebhookTestResponse> Webhooks);
