using Autopilot.Core.Telemetry;
using Autopilot.Core.Tracking.FanOut;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking;

public sealed partial class PollCycle
{
    /// <summary>A cycle over one shard, as it was dispatched. Never throws, as <see cref="RunAsync"/>.</summary>
    internal async Task<ShardOutcome> RunShardAsync(ShardMessage message, CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("poll shard")?.SetTag("autopilot.shard", message.Shard.Key);
        // The dispatch tracks what settings name and keeps the baseline: once per tick, and not once per worker.
        var cycle = new CycleContext(message.DispatchedAt, _services.Cadence.Tick, DueOnly: true, await BaselineAsync(cancellationToken))
        {
            Dispatched = true,
        };
        using var reading = new CycleBudget(_services.Options.CycleBudget, _services.Clock, cancellationToken);
        var (result, shards) = await RunShardsAsync(new ShardOrder([message.Shard]), cycle, reading, [], cancellationToken);
        var shard = message.Shard.Key;
        if (shards is not [{ Result: not null } shardResult])
        {
            if (result.LeasedShards > 0)
            {
                LogLeased(_services.Logger, shard);
                _metrics.ShardSkipped("leased");
                return ShardOutcome.Leased;
            }

            if (shards is [{ DoneBefore: true }])
            {
                LogRepeated(_services.Logger, shard, message.DispatchedAt);
                _metrics.ShardSkipped("repeated");
                return ShardOutcome.DoneBefore;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return ShardOutcome.Stopped;
            }

            LogShardNotRead(_services.Logger, shard, string.Join(" ", result.Errors));
            _metrics.ShardFailed();
            return ShardOutcome.Failed;
        }

        activity
            ?.SetTag("autopilot.polled", result.Polled)
            .SetTag("autopilot.changed", result.Changed)
            .SetTag("autopilot.failed", result.Failed)
            .SetTag("autopilot.complete", result.Complete);
        LogFailures(shards);
        _metrics.ShardDone(result, shardResult, FreshTicks * cycle.Tick);
        LogShard(
            _services.Logger,
            result.Complete ? LogLevel.Information : LogLevel.Warning,
            shard,
            result.Polled,
            result.Changed,
            result.Unchanged,
            result.Failed,
            result.Skipped,
            result.Finished,
            result.Conflicts,
            result.Ambiguous,
            result.Complete,
            result.DurationSeconds,
            string.Join(" ", result.Errors)
        );
        return result.Complete ? ShardOutcome.Done
            : cancellationToken.IsCancellationRequested ? ShardOutcome.Stopped
            : ShardOutcome.Incomplete;
    }

    /// <summary>After as many ticks without polling a shard, a process stops reporting it: another process polls it now.</summary>
    private const int FreshTicks = 3;

    [LoggerMessage(
        EventId = 1602,
        EventName = "ShardDone",
        Message = "Shard {Shard}: polled {Polled}, changed {Changed}, unchanged {Unchanged}, failed {Failed}, skipped {Skipped}, "
            + "finished {Finished}, conflicts {Conflicts}, ambiguous {Ambiguous}, complete {Complete}, {DurationSeconds} s. {Errors}"
    )]
    private static partial void LogShard(
        ILogger logger,
        LogLevel level,
        string shard,
        int polled,
        int changed,
        int unchanged,
        int failed,
        int skipped,
        int finished,
        int conflicts,
        int ambiguous,
        bool complete,
        double durationSeconds,
        string errors
    );

    [LoggerMessage(
        EventId = 1603,
        EventName = "ShardLeased",
        Level = LogLevel.Information,
        Message = "Shard {Shard} is being polled by another process and is skipped"
    )]
    private static partial void LogLeased(ILogger logger, string shard);

    [LoggerMessage(
        EventId = 1604,
        EventName = "ShardRepeated",
        Level = LogLevel.Debug,
        Message = "Shard {Shard}: the cycle of {DispatchedAt:O}, or a later one, has been done already; the message is dropped"
    )]
    private static partial void LogRepeated(ILogger logger, string shard, DateTimeOffset dispatchedAt);

    [LoggerMessage(
        EventId = 1605,
        EventName = "ShardNotRead",
        Level = LogLevel.Error,
        Message = "Shard {Shard} could not be read and waits for the next tick: {Reason}"
    )]
    private static partial void LogShardNotRead(ILogger logger, string shard, string reason);
}
