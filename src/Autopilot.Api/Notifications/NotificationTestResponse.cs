namespace Autopilot.Api.Notifications;

/// <summary>How the webhooks took a sample.</summary>
/// <param name="Delivered">How many webhooks took it.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="Webhooks">Each webhook that was tried.</param>
internal sealed record NotificationTestResponse(int Delivered, int Failed, IReadOnlyList<WebhookTestResponse> Webhooks);
