using System.Collections.Concurrent;
using Autopilot.Core.Rows;
using Autopilot.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Tracking.FanOut;

/// <summary>
/// Dispatches one tick where polling fans out: a message for each shard that holds anything, with the tick as its time to live. An empty
/// shard needs no message: its status is written at once, since readiness expects a completed cycle of every shard.
/// </summary>
public sealed partial class ShardDispatch
{
    private readonly IShardQueue _queue;
    private readonly IShardStatusStore _statuses;
    private readonly PollingServices _services;
    private readonly SettingsTargets _targets;
    private readonly TrackingMetrics _metrics;
    private volatile TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ShardDispatch(
        IShardQueue queue,
        IShardStatusStore statuses,
        PollingServices services,
        SettingsTargets targets,
        TrackingMetrics metrics
    )
    {
        _queue = queue;
        _statuses = statuses;
        _services = services;
        _targets = targets;
        _metrics = metrics;
    }

    /// <summary>
    /// Ends with the next dispatch of this process that has sent something: who receives in the same process need not wait for its next
    /// receive.
    /// </summary>
    public Task Sent => _sent.Task;

    /// <summary>Dispatches one tick and never throws for a shard, the store or the queue: the result has the failures.</summary>
    /// <exception cref="OperationCanceledException">The process stops.</exception>
    public async Task<DispatchResult> RunAsync(CancellationToken cancellationToken)
    {
        using var activity = Instrumentation.Activities.StartActivity("dispatch shards");
        var clock = _services.Clock;
        var (began, now, tick) = (clock.GetTimestamp(), clock.GetUtcNow(), _services.Cadence.Tick);
        var errors = new ConcurrentBag<(Shard Shard, string Reason)>();
        var (sent, empty) = (0, 0);
        var refused = await _targets.TrackAsync(now, cancellationToken);
        await Task.WhenAll(
            Shard.All.Select(async shard =>
            {
                try
                {
                    if (await DispatchAsync(shard, now, tick, cancellationToken))
                    {
                        Interlocked.Increment(ref sent);
                    }
                    else
                    {
                        Interlocked.Increment(ref empty);
                    }
                }
                catch (StorageUnavailableException exception)
                {
                    errors.Add((shard, exception.Message));
                }
            })
        );

        if (sent > 0)
        {
            Interlocked.Exchange(ref _sent, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        if (sent + empty > 0)
        {
            await _services.Baselines.RefreshIfDueAsync(cancellationToken);
        }

        var reported = errors
            .GroupBy(error => error.Reason)
            .Select(alike =>
                $"Shard {string.Join(", ", alike.Select(error => error.Shard.Key).Order(StringComparer.Ordinal))} could not be "
                + $"dispatched: {alike.Key}"
            )
            .Concat(refused is null ? [] : [refused])
            .ToList();
        var result = new DispatchResult(sent, empty, errors.Count, Math.Round(clock.GetElapsedTime(began).TotalSeconds, 3), reported);
        activity?.SetTag("autopilot.sent", sent).SetTag("autopilot.empty", empty);
        _metrics.Dispatched(result);
        LogDispatched(
            _services.Logger,
            reported.Count == 0 ? LogLevel.Information : LogLevel.Error,
            sent,
            empty,
            errors.Count,
            result.DurationSeconds,
            string.Join(" ", reported)
        );
        return result;
    }

    /// <returns>Whether a message was sent; the shard is empty otherwise.</returns>
    private async Task<bool> DispatchAsync(Shard shard, DateTimeOffset now, TimeSpan tick, CancellationToken cancellationToken)
    {
        var peek = await _statuses.PeekAsync(shard, cancellationToken);
        if (!peek.IsEmpty)
        {
            await _queue.SendAsync(new ShardMessage(shard, now, now + tick), cancellationToken);
            return true;
        }

        // Another process may be finishing the shard's last workflow: then the status is theirs.
        if (peek.Status?.Lease is not { } lease || !lease.HoldsAt(now, ShardLeases.Longest(_services.Options)))
        {
            await _statuses.WriteAsync(
                shard,
                new ShardStatus { StartedAt = now, CompletedAt = _services.Clock.GetUtcNow() },
                cancellationToken
            );
        }

        return false;
    }

    [LoggerMessage(
        EventId = 1601,
        EventName = "Dispatched",
        Message = "Dispatch: {Sent} shards put on the queue, {Empty} empty, {Failed} failed, {DurationSeconds} s. {Errors}"
    )]
    private static partial void LogDispatched(
        ILogger logger,
        LogLevel level,
        int sent,
        int empty,
        int failed,
        double durationSeconds,
        string errors
    );
}
