using Autopilot.Core.Notifications;

namespace Autopilot.Api.Notifications;

/// <summary>How one webhook took it.</summary>
/// <param name="Delivered">Whether it took it.</param>
/// <param name="Status">The HTTP status that it answered; null without an answer.</param>
/// <param name="Error">What was wrong; null when it took the sample.</param>
internal sealed record WebhookTestResponse(
    string Name,
    string Host,
    string Format,
    bool Delivered,
    int? Status,
    string? Error,
    double DurationSeconds
)
{
    public static WebhookTestResponse Of(TestedWebhook tested) =>
        new(
            tested.Webhook.Name,
            tested.Webhook.Host,
            tested.Webhook.Format.ToString(),
            tested.Result.Delivered,
            tested.Result.Status,
            tested.Result.Error,
            Math.Round(tested.Result.Took.TotalSeconds, 3)
        );
}
