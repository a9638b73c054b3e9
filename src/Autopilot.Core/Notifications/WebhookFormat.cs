namespace Autopilot.Core.Notifications;

/// <summary>What a receiver understands.</summary>
public enum WebhookFormat
{
    /// <summary>CloudEvents 1.0, structured JSON.</summary>
    CloudEvents,

    /// <summary>A Microsoft Teams workflow: a message with an Adaptive Card.</summary>
    Teams,

    /// <summary>A Slack incoming webhook: Block Kit.</summary>
    Slack,
}
