using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Scheduling;

/// <summary>
/// Takes shards from the queue and polls a few at a time. Ends with the host: shards under way write what they have observed, and the rest
/// goes back for another process.
/// </summary>
internal sealed partial class ShardReceiver(
    IShardQueue queue,
    ShardWorker worker,
    ShardDispatch dispatch,
    Cadence cadence,
    IOptions<PollingOptions> polling,
    IOptions<ScheduleOptions> schedule,
    IOptions<ServerOptions> server,
    TimeProvider clock,
    ILogger<ShardReceiver> logger
) : BackgroundService
{
    // A message is hidden for a tick, and lives no longer than one: only one that has outlived its tick could be delivered again, and it is
    // dropped. A lease keeps others out all the same, so that nothing need be extended. The queue takes no less than a second and no more
    // than a week.
    private static readonly TimeSpan ShortestHidden = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHidden = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (polling.Value.FanOut is not FanOutMode.Queue || server.Value.Role is ServerRole.Scheduler)
        {
            return;
        }

        LogReceiving(logger, server.Value.ShardsAtOnce);
        using var slots = new SemaphoreSlim(server.Value.ShardsAtOnce);
        try
        {
            await ReceiveAsync(slots, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }

        // A shard that holds a slot is writing what it has observed.
        for (var slot = 0; slot < server.Value.ShardsAtOnce; slot++)
        {
            await slots.WaitAsync(CancellationToken.None);
        }
    }

    private async Task ReceiveAsync(SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        var backoff = new QueueBackoff();
        var failing = false;
        while (true)
        {
            await slots.WaitAsync(stoppingToken);
            var free = 1;
            while (slots.Wait(0, CancellationToken.None))
            {
                free++;
            }

            IReadOnlyList<ReceivedShard> received = [];
            var sent = dispatch.Sent;
            try
            {
                received = await queue.ReceiveAsync(free, Hidden(cadence.Tick), stoppingToken);
                failing = false;
            }
            catch (StorageUnavailableException exception)
            {
                // Logged once, not at every read.
                if (!failing)
                {
                    LogNotReceived(logger, exception.Message);
                }

                failing = true;
            }
            finally
            {
                if (free > received.Count)
                {
                    slots.Release(free - received.Count);
                }
            }

            foreach (var message in received)
            {
                _ = ProcessAsync(message, slots, stoppingToken);
            }

            if (received.Count > 0)
            {
                backoff.Found();
                continue;
            }

            var wait = backoff.Missed(schedule.Value.Poll is { } poll ? poll.NextAfter(clock.GetUtcNow()) - clock.GetUtcNow() : null);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            if (await Task.WhenAny(Task.Delay(wait, clock, waiting.Token), sent) == sent)
            {
                backoff.Found();
            }

            await waiting.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task ProcessAsync(ReceivedShard message, SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        try
        {
            var outcome = await worker.ProcessAsync(message.Text, stoppingToken);
            await (
                outcome is ShardOutcome.Stopped
                    ? queue.ReturnAsync(message, CancellationToken.None)
                    : queue.DeleteAsync(message, CancellationToken.None)
            );
        }
        catch (StorageUnavailableException exception)
        {
            // It comes again, or expires: either way no harm is done.
            LogNotDeleted(logger, exception.Message);
        }
        finally
        {
            slots.Release();
        }
    }

    private static TimeSpan Hidden(TimeSpan tick) =>
        tick < ShortestHidden ? ShortestHidden
        : tick > LongestHidden ? LongestHidden
        : tick;

    [LoggerMessage(
        EventId = 3011,
        EventName = "Receiving",
        Level = LogLevel.Information,
        Message = "Receiving shards from the queue, {ShardsAtOnce} at a time"
    )]
    private static partial void LogReceiving(ILogger logger, int shardsAtOnce);

    [LoggerMessage(
        EventId = 3012,
        EventName = "QueueNotReceived",
        Level = LogLevel.Error,
        Message = "The shards' queue cannot be read, and is tried on: {Reason}"
    )]
    private static partial void LogNotReceived(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 3013,
        EventName = "MessageNotDeleted",
        Level = LogLevel.Warning,
        Message = "A shard's message could not be taken off the queue and may come again: {Reason}"
    )]
    private static partial void LogNotDeleted(ILogger logger, string reason);
}
