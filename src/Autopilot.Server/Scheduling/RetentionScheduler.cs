using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Scheduling;

/// <summary>
/// Starts a retention run at each occurrence of <c>RetentionSchedule</c>. A computer that sleeps at night would miss every one of them. So
/// one late run makes up for all that were missed since the last run on record.
/// </summary>
internal sealed partial class RetentionScheduler(
    RunRetention runRetention,
    IRetentionStore store,
    IOptions<ScheduleOptions> options,
    IOptions<ServerOptions> server,
    TimeProvider clock,
    ILogger<RetentionScheduler> logger
) : BackgroundService
{
    // Of more use than a timer that knows the whole way: the clock may be set, and the computer may sleep.
    internal static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A worker keeps no schedule: the process that does serves this one too.
        if (options.Value.Retention is not { } schedule || server.Value.Role is ServerRole.Worker)
        {
            return;
        }
        // The polls go first at start.
        await Task.Delay(LongestWait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var served = await LastAsync(stoppingToken) ?? clock.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            // Set back: the old time would have to come again.
            served = served > now + LongestWait ? now : served;
            var wait = schedule.NextAfter(served) - now;
            if (wait <= TimeSpan.Zero)
            {
                served = now;
                await RunAsync(stoppingToken);
            }
            else
            {
                await Task.Delay(
                        wait < LongestWait ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : LongestWait,
                        clock,
                        stoppingToken
                    )
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<DateTimeOffset?> LastAsync(CancellationToken stoppingToken)
    {
        try
        {
            return (await store.ReadLastAsync(stoppingToken))?.StartedAt;
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException)
        {
            // Then the next occurrence is early enough: data that is kept a day longer does no harm.
            return null;
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await runRetention(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // A run reports its own failures; one that throws must not end the server.
            LogRunFailed(logger, exception);
        }
    }

    [LoggerMessage(
        EventId = 3051,
        EventName = "RetentionBroke",
        Level = LogLevel.Error,
        Message = "The retention run failed unexpectedly; the next one starts as scheduled"
    )]
    private static partial void LogRunFailed(ILogger logger, Exception exception);
}
