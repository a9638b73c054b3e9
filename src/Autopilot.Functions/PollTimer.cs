using Autopilot.Core.Notifications;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Functions;

/// <summary>
/// Polls what is due, or, with <c>Polling:FanOut=Queue</c>, puts the shards on the queue for <see cref="PollShard"/>. The platform holds a
/// lease while it runs, but can lose it: two runs may overlap, and the store reconciles their writes.
/// </summary>
internal sealed partial class PollTimer(
    PollTick tick,
    NotificationDelivery notifications,
    IHostApplicationLifetime lifetime,
    ILogger<PollTimer> logger
)
{
    /// <summary>
    /// What goes wrong with a workflow, a shard or upstream is in the cycle's result, which the cycle logs. What is thrown all the same is
    /// left to the platform, so that it records a failed execution. A host or a worker that stops cancels the cycle, which then writes what
    /// it has observed.
    /// </summary>
    [Function(nameof(PollTimer))]
    public async Task RunAsync([TimerTrigger("%PollSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // One late run stands for all the ticks that were missed.
        if (timer.IsPastDue)
        {
            LogLate(timer.ScheduleStatus?.Last);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await tick(ending.Token);
        // The platform may freeze an instance whose functions have ended: notifications must not wait until it is thawed.
        await notifications.RunAsync(NotificationBudget, ending.Token);
    }

    /// <summary>
    /// With the attempts under way when it is spent, half a minute: the cycle is done, but the next tick waits for this one's end.
    /// </summary>
    private static readonly TimeSpan NotificationBudget = TimeSpan.FromSeconds(20);

    [LoggerMessage(
        5001,
        LogLevel.Warning,
        "The poll timer is late: ticks were missed; the last on the platform's record is {LastTick:O}",
        EventName = "PollTimerLate"
    )]
    private partial void LogLate(DateTime? lastTick);
}
