using Autopilot.Core.Notifications;

namespace Autopilot.Core.Tests.Notifications;

/// <summary>Webhooks with scripted responses.</summary>
internal sealed class ScriptedSender : INotificationSender
{
    private readonly Lock _lock = new();
    private readonly List<(string Webhook, Notification Notification)> _delivered = [];

    public static SendResult Taken { get; } = new(true, 200, null, TimeSpan.Zero);

    public static SendResult Broken { get; } = new(false, 500, "It answered 500.", TimeSpan.Zero);

    public Func<Webhook, Notification, Task<SendResult>> Answer { get; set; } = (_, _) => Task.FromResult(Taken);

    public int Attempts { get; private set; }

    /// <summary>Cuts what waits for an answer.</summary>
    public CancellationToken Cancel { get; set; }

    public List<(string Webhook, Notification Notification)> Delivered
    {
        get
        {
            lock (_lock)
            {
                return [.. _delivered];
            }
        }
    }

    public IEnumerable<string> To(string webhook) =>
        Delivered.Where(d => d.Webhook == webhook).Select(d => $"{d.Notification.WorkflowId}/{d.Notification.Sequence}");

    public async Task<SendResult> SendAsync(Webhook webhook, Notification notification, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Attempts++;
        }

        var result = await Answer(webhook, notification);
        if (result.Delivered)
        {
            lock (_lock)
            {
                _delivered.Add((webhook.Name, notification));
            }
        }

        return result;
    }
}
