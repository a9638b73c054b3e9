using Autopilot.Core.Notifications;

namespace Autopilot.Api.Notifications;

/// <summary>How one webhook took it.</summary>
/// <param name="Name">The webhook's name.</param>
/// <param name="Host">Host of its address.</param>
/// <param name="Format"><c>CloudEvents</c>, <c>Teams</c> or <c>Slack</c>.</param>
/// <param name="Delivered">Whether it took it.</param>
/// <param name="Status">The HTTP status that it answered; null without an answer.</param>
/// <param name="Error">What was wrong; null when it took the sample.</param>
/// <param name="DurationSeconds">How long the request took, in seconds.</param>
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
