using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Scheduling;

/// <summary>
/// Runs a cycle at each occurrence of <c>PollSchedule</c>, one at a time. Occurrences that passed while a cycle ran, or while the process
/// was down, make one late run together. Ends with the host: the running cycle is cancelled and writes down what it has seen.
/// </summary>
internal sealed partial class PollScheduler(
    PollTick tick,
    IShardStatusStore statuses,
    IOptions<ScheduleOptions> options,
    IOptions<ServerOptions> server,
    TimeProvider clock,
    ILogger<PollScheduler> logger
) : BackgroundService
{
    /// <summary>Longest wait without reading the clock, which may have been set meanwhile.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // A cycle that begins this much after its occurrence is worth a log message.
    private static readonly TimeSpan Punctual = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (server.Value.Role is ServerRole.Worker)
        {
            LogWorkerOnly(logger);
            return;
        }

        if (options.Value.Poll is not { } schedule)
        {
            LogDisabled(logger);
            return;
        }

        try
        {
            await RunAsync(schedule, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RunAsync(Schedule schedule, CancellationToken stoppingToken)
    {
        var started = clock.GetUtcNow();
        LogScheduled(logger, schedule.Expression, schedule.NextAfter(started));

        // The last time whose occurrence has been served: what comes after it is owed.
        var served = started;
        var knowsPast = false;
        while (true)
        {
            stoppingToken.ThrowIfCancellationRequested();
            if (!knowsPast && await ReadPastAsync(stoppingToken) is { } past)
            {
                knowsPast = true;
                if (past.LastBegan is null)
                {
                    LogFirst(logger);
                    served = clock.GetUtcNow();
                    await RunCycleAsync(stoppingToken);
                    continue;
                }
                if (past.LastBegan < served)
                {
                    served = past.LastBegan.Value;
                }
            }

            var now = clock.GetUtcNow();
            if (served - now > LongestWait)
            {
                // Set back by a person, not by a hair's breadth: waiting for the old time to come again would mean no polls until then.
                LogClockSetBack(logger, served, now);
                served = now;
            }

            var next = schedule.NextAfter(served);
            if (next <= now)
            {
                if (now - next > Punctual)
                {
                    LogLate(logger, next, (now - next).TotalSeconds);
                }

                served = now;
                knowsPast = true;
                await RunCycleAsync(stoppingToken);
            }
            else
            {
                await Task.Delay(WaitFor(next - now), clock, stoppingToken);
            }
        }
    }

    /// <summary>When the last cycle of any process began, as far as the store knows one; null while the store cannot be read.</summary>
    private async Task<Past?> ReadPastAsync(CancellationToken stoppingToken)
    {
        try
        {
            // The oldest: a cycle that was killed half-way has left shards behind that are owed one.
            return new Past((await statuses.ReadAllAsync(stoppingToken)).Min(status => status?.StartedAt));
        }
        catch (StorageUnavailableException exception)
        {
            LogPastNotRead(logger, exception.Message);
            return null;
        }
    }

    private sealed record Past(DateTimeOffset? LastBegan);

    private async Task RunCycleAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tick(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // A cycle reports its own failures; one that throws must not end the scheduler.
            LogCycleBroke(logger, exception);
        }
    }

    // Whole milliseconds, rounded up: a timer that cannot wait less would otherwise spin during the last one.
    private static TimeSpan WaitFor(TimeSpan left) =>
        left < LongestWait ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : LongestWait;

    [LoggerMessage(
        EventId = 3001,
        EventName = "ScheduleDisabled",
        Level = LogLevel.Information,
        Message = "PollSchedule is disabled: this process polls only when it is asked to"
    )]
    private static partial void LogDisabled(ILogger logger);

    [LoggerMessage(
        EventId = 3008,
        EventName = "WorkerOnly",
        Level = LogLevel.Information,
        Message = "Server:Role is Worker: another process keeps the schedule"
    )]
    private static partial void LogWorkerOnly(ILogger logger);

    [LoggerMessage(
        EventId = 3002,
        EventName = "Scheduled",
        Level = LogLevel.Information,
        Message = "Polling at {Schedule} (UTC), next at {Next:u}"
    )]
    private static partial void LogScheduled(ILogger logger, string schedule, DateTimeOffset next);

    [LoggerMessage(
        EventId = 3003,
        EventName = "CycleLate",
        Level = LogLevel.Warning,
        Message = "The cycle of {Occurrence:u} begins {LateSeconds:0} s late; it stands for every one missed since"
    )]
    private static partial void LogLate(ILogger logger, DateTimeOffset occurrence, double lateSeconds);

    [LoggerMessage(
        EventId = 3004,
        EventName = "ClockSetBack",
        Level = LogLevel.Warning,
        Message = "The clock was set back from {Before:u} to {Now:u}; the schedule continues from there"
    )]
    private static partial void LogClockSetBack(ILogger logger, DateTimeOffset before, DateTimeOffset now);

    [LoggerMessage(
        EventId = 3005,
        EventName = "PastNotRead",
        Level = LogLevel.Warning,
        Message = "Whether a cycle was missed is not known yet: {Reason}"
    )]
    private static partial void LogPastNotRead(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 3007,
        EventName = "FirstCycle",
        Level = LogLevel.Information,
        Message = "No cycle has ever run on these tables: the first one begins at once"
    )]
    private static partial void LogFirst(ILogger logger);

    [LoggerMessage(
        EventId = 3006,
        EventName = "CycleBroke",
        Level = LogLevel.Error,
        Message = "The cycle broke; the next one comes at its time"
    )]
    private static partial void LogCycleBroke(ILogger logger, Exception exception);
}
