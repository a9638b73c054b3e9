using Autopilot.Core.Notifications;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Autopilot.Notifications.Running;

/// <summary>
/// Delivers in the background, beside cycles and never within one. It does so as soon as this process has written a notification, and when
/// one falls due. Now and then it looks for what another process has left behind. Without webhooks it ends at once.
/// </summary>
internal sealed partial class NotificationDeliveryService(
    NotificationDelivery delivery,
    TimeProvider clock,
    ILogger<NotificationDeliveryService> logger
) : BackgroundService
{
    /// <summary>Longest run; the next one follows.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    /// <summary>Between two runs: a burst of writes becomes one run, and a defect no busy loop.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!delivery.IsNeeded)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (due, written) = delivery.Next();
                var wait = due - clock.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    using var sooner = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    await Task.WhenAny(Task.Delay(wait < LongestWait ? wait : LongestWait, clock, sooner.Token), written);
                    await sooner.CancelAsync();
                    continue;
                }

                await delivery.RunAsync(Budget, stoppingToken);
                // The process's own time: a clock that runs fast must not make a busy loop of it.
                await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogBroke(logger, exception);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(
        EventId = 7001,
        EventName = "NotificationPumpBroke",
        Level = LogLevel.Error,
        Message = "Delivering notifications failed unexpectedly; the next run tries again"
    )]
    private static partial void LogBroke(ILogger logger, Exception exception);
}
