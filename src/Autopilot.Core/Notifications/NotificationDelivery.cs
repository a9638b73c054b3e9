using System.Collections.Concurrent;
using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Delivers what is in the outbox. At least once: a notification leaves its row only after the receiver has taken it. So after a crash in
/// between it is sent again, with the same id. In order per workflow and webhook: the next one is not tried before the one before is
/// delivered, passed over or given up. A webhook that fails or is slow holds up neither another webhook nor another workflow.
/// </summary>
public sealed partial class NotificationDelivery : IDisposable
{
    /// <summary>How long a claim holds: far longer than one run over a workflow's queue takes.</summary>
    internal static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>How long the record of one that was given up is kept.</summary>
    internal static readonly TimeSpan KeepGivenUp = TimeSpan.FromDays(30);

    /// <summary>After a read of a workflow is due, how long until its outcome is looked for.</summary>
    internal static readonly TimeSpan ScanPause = TimeSpan.FromSeconds(15);

    /// <summary>
    /// While something is under way, how often what else is due is looked for; a shard is read no more often. In the process's own time.
    /// </summary>
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(1);

    private const int ShardsAtOnce = 4;

    private readonly INotificationOutbox _outbox;
    private readonly OutboxSchedule _watch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Func<double> _random;
    private readonly QueueDelivery _queues;
    private readonly WebhookBacklog? _backlog;
    private readonly SemaphoreSlim _alone = new(1);

    /// <summary>The workflows whose last queue run failed for a reason of their own, by id, until they are tried again.</summary>
    private readonly ConcurrentDictionary<string, FailedDelivery> _failedDeliveries = new();

    internal NotificationDelivery(
        INotificationOutbox outbox,
        INotificationSender sender,
        IWorkflowReader workflows,
        OutboxSchedule schedule,
        IOptions<NotificationOptions> options,
        TimeProvider clock,
        NotificationMetrics metrics,
        ILogger<NotificationDelivery> logger,
        Func<double> random,
        WebhookBacklog? backlog = null
    )
    {
        _backlog = backlog;
        (_outbox, _watch, _clock, _logger, _random) = (outbox, schedule, clock, logger, random);
        _queues = new QueueDelivery(outbox, sender, workflows, schedule, options.Value, clock, metrics, logger, random, backlog);
    }

    /// <summary>Whether any webhook is set.</summary>
    public bool IsNeeded => _queues.IsNeeded;

    /// <summary>
    /// Delivers what is due, for at most <paramref name="budget"/> and the attempts that have then begun, 10 seconds each. Never throws for
    /// the store or a webhook. One run at a time in a process: a second caller waits for the first, and then finds little to do. What falls
    /// due while a slow webhook is waited for is delivered meanwhile. Without webhooks it does nothing.
    /// </summary>
    public Task<DeliveryResult> RunAsync(TimeSpan budget, CancellationToken cancellationToken) =>
        RunAsync(budget, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>
    /// As <see cref="RunAsync(TimeSpan, CancellationToken)"/>, but does nothing, at once, while another run is under way: for a caller who
    /// has others waiting for it.
    /// </summary>
    public Task<DeliveryResult> RunUnlessUnderWayAsync(TimeSpan budget, CancellationToken cancellationToken) =>
        RunAsync(budget, TimeSpan.Zero, cancellationToken);

    /// <summary>When there is something to do again, and what ends sooner when a notification is written.</summary>
    public (DateTimeOffset Due, Task Written) Next() => _watch.Next();

    /// <summary>When the next attempt at a webhook is due with a queue; null when it is through.</summary>
    internal DateTimeOffset? NextAttemptAt(Webhook webhook, WaitingNotifications waiting, DateTimeOffset now) =>
        _queues.NextAttemptAt(webhook, waiting, now);

    /// <inheritdoc/>
    public void Dispose()
    {
        _queues.Dispose();
        _alone.Dispose();
    }

    private async Task<DeliveryResult> RunAsync(TimeSpan budget, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!IsNeeded)
        {
            return new DeliveryResult(0, 0, 0);
        }

        using var spent = new CancellationTokenSource(budget, _clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(spent.Token, cancellationToken);
        try
        {
            if (!await _alone.WaitAsync(patience, ending.Token))
            {
                return new DeliveryResult(0, 0, 0);
            }
        }
        catch (OperationCanceledException)
        {
            return new DeliveryResult(0, 0, 0);
        }

        using var run = new DeliveryRun(ending.Token, cancellationToken);
        try
        {
            await ScanWhereDueAsync(run);
        }
        finally
        {
            _alone.Release();
        }

        var result = run.Result;
        if (result.Delivered + result.Failed + result.GivenUp > 0)
        {
            LogRun(_logger, result.Delivered, result.Failed, result.GivenUp);
        }

        return result;
    }

    /// <summary>Reads each shard that is due, and again those that fall due while anything is under way. Ends when nothing is.</summary>
    private async Task ScanWhereDueAsync(DeliveryRun run)
    {
        var scans = new Dictionary<Shard, Task>();
        var scannedAt = new long?[Shard.Count];
        while (true)
        {
            foreach (var shard in scans.Where(scan => scan.Value.IsCompleted).Select(scan => scan.Key).ToList())
            {
                scans.Remove(shard);
            }

            var now = _clock.GetUtcNow();
            foreach (var shard in Shard.All.Where(shard => !scans.ContainsKey(shard) && _watch.IsDue(shard, now)))
            {
                if (run.Ending.IsCancellationRequested || scans.Count == ShardsAtOnce)
                {
                    break;
                }

                // Its own outcome alone is no reason to read it again at once: without a pause a defect would be a busy loop.
                if (
                    scannedAt[shard.Index] is not { } last
                    || (scans.Count + run.Slow.Count > 0 && TimeProvider.System.GetElapsedTime(last) >= ScanEvery)
                )
                {
                    scannedAt[shard.Index] = TimeProvider.System.GetTimestamp();
                    scans.Add(shard, ScanAsync(shard, run));
                }
            }

            List<Task> underWay = [.. scans.Values, .. run.Slow];
            if (underWay.Count == 0)
            {
                return;
            }

            if (!run.Ending.IsCancellationRequested)
            {
                using var sooner = CancellationTokenSource.CreateLinkedTokenSource(run.Ending);
                await Task.WhenAny([.. underWay, Task.Delay(ScanEvery, sooner.Token)]);
                await sooner.CancelAsync();
            }
            else
            {
                await Task.WhenAll(underWay);
            }
        }
    }

    /// <summary>Reads a shard's outbox and runs over each workflow's queue, without waiting for slow webhooks. Never throws.</summary>
    private async Task ScanAsync(Shard shard, DeliveryRun run)
    {
        _watch.BeginRead(shard, _clock.GetUtcNow());
        try
        {
            var waiting = await _outbox.ReadAsync(shard, run.Ending);
            _backlog?.Replace(shard, waiting);
            ForgetFailedDeliveries(shard, waiting);
            await Task.WhenAll(waiting.Select(workflow => DeliverAsync(shard, workflow, run)));
        }
        catch (StorageUnavailableException exception)
        {
            ReportUnavailable(shard, exception, run);
            _watch.ScheduleAt(shard, _clock.GetUtcNow() + RetryBackoff.After(2, _random(), null));
        }
        catch (OperationCanceledException) when (run.Ending.IsCancellationRequested)
        {
            _watch.ScheduleAt(shard, _clock.GetUtcNow());
        }
        catch (Exception exception)
        {
            LogBroke(_logger, exception, shard.Key);
            _watch.ScheduleAt(shard, _clock.GetUtcNow() + RetryBackoff.Longest);
        }
    }

    /// <summary>One run over one workflow's queue, until it ends or only slow webhooks are left in it.</summary>
    private async Task DeliverAsync(Shard shard, WaitingNotifications waiting, DeliveryRun run)
    {
        try
        {
            await run.Workflows.WaitAsync(run.Ending);
        }
        catch (OperationCanceledException)
        {
            _watch.ScheduleAt(shard, _clock.GetUtcNow());
            return;
        }

        try
        {
            var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var delivery = TryDeliverAsync(shard, waiting, run, sending);
            await Task.WhenAny(delivery, sending.Task);
            if (!delivery.IsCompleted)
            {
                using var ended = new CancellationTokenSource();
                await Task.WhenAny(delivery, Task.Delay(WebhookLane.Patience, ended.Token));
                await ended.CancelAsync();
            }

            if (!delivery.IsCompleted)
            {
                run.AddSlow(delivery);
            }
        }
        finally
        {
            run.Workflows.Release();
        }
    }

    /// <summary>One run over one workflow's queue; its failure delays only this workflow. Never throws.</summary>
    /// <param name="sending">Ends when the queue is claimed and its webhooks are served.</param>
    private async Task TryDeliverAsync(Shard shard, WaitingNotifications waiting, DeliveryRun run, TaskCompletionSource sending)
    {
        if (await DeliverNextAsync(shard, waiting, run, sending) is { } at)
        {
            _watch.ScheduleAt(shard, at);
        }
    }

    /// <returns>When the next run is due; null when the queue is empty.</returns>
    private async Task<DateTimeOffset?> DeliverNextAsync(
        Shard shard,
        WaitingNotifications waiting,
        DeliveryRun run,
        TaskCompletionSource sending
    )
    {
        var id = waiting.WorkflowId;
        var failed = _failedDeliveries.GetValueOrDefault(id);
        if (failed is not null && !Deadline.HasPassed(failed.NextAt, _clock.GetUtcNow(), RetryBackoff.Longest))
        {
            return failed.NextAt;
        }

        try
        {
            var next = await _queues.DeliverAsync(shard, waiting, run, sending);
            _failedDeliveries.TryRemove(id, out _);
            return next;
        }
        catch (OperationCanceledException) when (run.Ending.IsCancellationRequested)
        {
            return _clock.GetUtcNow();
        }
        catch (StorageUnavailableException exception)
        {
            ReportUnavailable(shard, exception, run);
            return _clock.GetUtcNow() + RetryBackoff.After(2, _random(), null);
        }
        catch (Exception exception)
        {
            if (failed is null)
            {
                LogDeliveryFailed(_logger, exception, id);
            }

            var failures = (failed?.Failures ?? 0) + 1;
            var next = _clock.GetUtcNow() + RetryBackoff.After(failures, _random(), null);
            _failedDeliveries[id] = new FailedDelivery(failures, next);
            return next;
        }
    }

    private void ReportUnavailable(Shard shard, StorageUnavailableException exception, DeliveryRun run)
    {
        if (run.IsFirstFailure(shard))
        {
            LogNotRead(_logger, shard.Key, exception.Message);
        }
    }

    /// <summary>Drops the workflows of a shard that have nothing waiting any more.</summary>
    private void ForgetFailedDeliveries(Shard shard, IReadOnlyList<WaitingNotifications> waiting)
    {
        if (_failedDeliveries.IsEmpty)
        {
            return;
        }

        var ids = waiting.Select(one => one.WorkflowId).ToHashSet();
        foreach (var id in _failedDeliveries.Keys.Where(id => Shard.Of(id) == shard && !ids.Contains(id)))
        {
            _failedDeliveries.TryRemove(id, out _);
        }
    }

    /// <summary>A workflow whose last queue runs failed for a reason of its own.</summary>
    /// <param name="Failures">Consecutive failed runs.</param>
    /// <param name="NextAt">When it is tried again.</param>
    private sealed record FailedDelivery(int Failures, DateTimeOffset NextAt);

    [LoggerMessage(
        EventId = 1505,
        EventName = "OutboxNotRead",
        Level = LogLevel.Warning,
        Message = "Notifications of shard {Shard} could not be read, or their progress not be stored; they are tried again: {Reason}"
    )]
    private static partial void LogNotRead(ILogger logger, string shard, string reason);

    [LoggerMessage(
        EventId = 1506,
        EventName = "NotificationsDelivered",
        Level = LogLevel.Information,
        Message = "Notifications: delivered {Delivered}, failed {Failed}, given up {GivenUp}"
    )]
    private static partial void LogRun(ILogger logger, int delivered, int failed, int givenUp);

    [LoggerMessage(
        EventId = 1507,
        EventName = "DeliveryBroke",
        Level = LogLevel.Error,
        Message = "Notifications of shard {Shard} could not be worked on"
    )]
    private static partial void LogBroke(ILogger logger, Exception exception, string shard);

    [LoggerMessage(
        EventId = 1508,
        EventName = "WorkflowDeliveryFailed",
        Level = LogLevel.Error,
        Message = "Notifications of workflow {WorkflowId} could not be delivered and are tried again at growing intervals; other "
            + "workflows are not affected"
    )]
    private static partial void LogDeliveryFailed(ILogger logger, Exception exception, string workflowId);
}
