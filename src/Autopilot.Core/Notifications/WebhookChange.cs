namespace Autopilot.Core.Notifications;

/// <summary>News about a webhook.</summary>
internal enum WebhookChange
{
    /// <summary>It has failed <see cref="WebhookCircuit.FailuresToOpen"/> times in a row.</summary>
    Failing,

    /// <summary>It takes notifications again.</summary>
    Recovered,
}
