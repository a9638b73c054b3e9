using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Processes one message. No failure is worth delivering the message again: a failed shard is reported, and the next tick sends another
/// message. So a failing shard neither loops nor ends among poisoned messages, and does not delay the others.
/// </summary>
public sealed partial class ShardWorker
{
    private readonly PollCycle _cycle;
    private readonly PollingServices _services;
    private readonly TrackingMetrics _metrics;

    internal ShardWorker(PollCycle cycle, PollingServices services, TrackingMetrics metrics)
    {
        _cycle = cycle;
        _services = services;
        _metrics = metrics;
    }

    /// <summary>Never throws; what became of the message, and what went wrong, is in the log and the metrics.</summary>
    /// <param name="text">As it came from the queue.</param>
    /// <param name="cancellationToken">The process stops: what has been read is written, and the shard let go of.</param>
    public async Task<ShardOutcome> ProcessAsync(string? text, CancellationToken cancellationToken)
    {
        try
        {
            return await EvaluateAsync(text, cancellationToken);
        }
        catch (Exception exception)
        {
            LogBroke(_services.Logger, exception);
            _metrics.ShardFailed();
            return ShardOutcome.Failed;
        }
    }

    private async Task<ShardOutcome> EvaluateAsync(string? text, CancellationToken cancellationToken)
    {
        if (_services.Options.FanOut is not FanOutMode.Queue)
        {
            LogInline(_services.Logger);
            return ShardOutcome.NotOurs;
        }

        var (now, tick) = (_services.Clock.GetUtcNow(), _services.Cadence.Tick);
        if (ShardMessage.TryParse(text) is not { } message || message.DispatchedAt > now + tick)
        {
            LogUnreadable(_services.Logger, text?.Length ?? 0);
            return ShardOutcome.NotOurs;
        }

        if (now >= message.ExpiresAt)
        {
            LogLate(_services.Logger, message.Shard.Key, message.DispatchedAt, (now - message.ExpiresAt).TotalSeconds);
            _metrics.ShardSkipped("late");
            return ShardOutcome.Late;
        }

        return await _cycle.RunShardAsync(message, cancellationToken);
    }

    [LoggerMessage(
        EventId = 1611,
        EventName = "ShardMessageInline",
        Level = LogLevel.Warning,
        Message = "A shard's message arrived, but Polling:FanOut is Inline: it is dropped. Switch the queue's function off, or set "
            + "Polling:FanOut to Queue"
    )]
    private static partial void LogInline(ILogger logger);

    [LoggerMessage(
        EventId = 1612,
        EventName = "ShardMessageUnreadable",
        Level = LogLevel.Warning,
        Message = "A message of {Length} characters on the shards' queue is not one of this app and is dropped: only this app may "
            + "write to that queue"
    )]
    private static partial void LogUnreadable(ILogger logger, int length);

    [LoggerMessage(
        EventId = 1613,
        EventName = "ShardMessageLate",
        Level = LogLevel.Warning,
        Message = "Shard {Shard}: the message of {DispatchedAt:O} came {LateSeconds:0.0} s after its tick was over and is dropped; "
            + "are there enough workers?"
    )]
    private static partial void LogLate(ILogger logger, string shard, DateTimeOffset dispatchedAt, double lateSeconds);

    [LoggerMessage(
        EventId = 1614,
        EventName = "ShardMessageBroke",
        Level = LogLevel.Error,
        Message = "Processing a shard's message failed; the next tick sends another"
    )]
    private static partial void LogBroke(ILogger logger, Exception exception);
}
