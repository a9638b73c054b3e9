using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Notifications;

/// <summary>A webhook as it may be shown: of its address the host alone.</summary>
/// <param name="Name">Its name in settings, logs and metrics.</param>
/// <param name="Host">Host of its address.</param>
/// <param name="Format"><c>CloudEvents</c>, <c>Teams</c> or <c>Slack</c>.</param>
/// <param name="On">The transitions that it is notified of.</param>
/// <param name="Clusters">The only clusters that it is notified of; null for all.</param>
/// <param name="Assessments">The only assessments that it is notified of; null for all.</param>
/// <param name="Signed">Whether what it is sent is signed.</param>
/// <param name="LastDeliveredAt">When it last took a notification; null where it never has, as far as is known.</param>
/// <param name="Waiting">Notifications that it has not accepted yet, including those that wait for
/// <c>Notifications:SettleFor</c>.</param>
/// <param name="OldestWaitingAt">When the oldest of them was observed; null where none waits.</param>
/// <param name="LastError">How the last attempt failed; null where it succeeded.</param>
/// <param name="NextAttemptAt">When the next attempt is due at the earliest; null where none waits.</param>
internal sealed record WebhookResponse(
    string Name,
    string Host,
    string Format,
    IReadOnlyList<string> On,
    IReadOnlyList<string>? Clusters,
    IReadOnlyList<string>? Assessments,
    bool Signed,
    DateTimeOffset? LastDeliveredAt,
    int Waiting,
    DateTimeOffset? OldestWaitingAt,
    string? LastError,
    DateTimeOffset? NextAttemptAt
)
{
    public static WebhookResponse Of(WebhookStatus status) => Of(status.Webhook, status);

    private static WebhookResponse Of(Webhook webhook, WebhookStatus status) =>
        new(
            webhook.Name,
            webhook.Host,
            webhook.Format.ToString(),
            [
                .. Enum.GetValues<Transitions>()
                    .Where(transition => transition is not Transitions.None && webhook.On.HasFlag(transition))
                    .Select(transition => transition.ToString()),
            ],
            webhook.Clusters.Count == 0 ? null : [.. webhook.Clusters.Order(StringComparer.Ordinal)],
            webhook.Assessments.Count == 0 ? null : [.. webhook.Assessments.Order().Select(assessment => assessment.ToString())],
            webhook.Secret is not null,
            status.LastDeliveredAt,
            status.Waiting,
            status.OldestWaitingAt,
            status.LastError,
            status.NextAttemptAt
        );
}
