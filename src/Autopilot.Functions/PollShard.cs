using Autopilot.Core.Notifications;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace Autopilot.Functions;

/// <summary>
/// Works one shard off, with <c>Polling:FanOut=Queue</c>. It never throws for what it meets, so that no message is delivered again or ends
/// among the poisoned ones: the next tick sends another. Inline the platform is to leave it off (<c>AzureWebJobs.PollShard.Disabled</c>); a
/// message that comes all the same is dropped.
/// </summary>
internal sealed class PollShard(ShardWorker worker, NotificationDelivery notifications, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// As with the timer, the process that observed a transition delivers its notifications, since the instance may be frozen once its
    /// functions have ended. But other shards wait for this slot: it neither waits for another shard's run nor stays for long. The
    /// background service, or the next tick, delivers the rest.
    /// </summary>
    [Function(nameof(PollShard))]
    public async Task RunAsync(
        [QueueTrigger("%PollQueue%", Connection = "AutopilotStorage")] string message,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await worker.ProcessAsync(message, ending.Token);
        await notifications.RunUnlessUnderWayAsync(NotificationBudget, ending.Token);
    }

    /// <summary>To that come the attempts under way when it is spent.</summary>
    private static readonly TimeSpan NotificationBudget = TimeSpan.FromSeconds(5);
}
