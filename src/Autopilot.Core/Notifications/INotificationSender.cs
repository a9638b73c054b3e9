namespace Autopilot.Core.Notifications;

/// <summary>Carries a notification to a webhook: one attempt, within 10 seconds.</summary>
public interface INotificationSender
{
    /// <summary>Never throws for what the webhook does.</summary>
    /// <exception cref="OperationCanceledException">The caller stops; it may have been delivered all the same.</exception>
    Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken);
}
