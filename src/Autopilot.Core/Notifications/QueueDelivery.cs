using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.ExceptionServices;
using Autopilot.Core.Concurrency;
using Autopilot.Core.Rows;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Runs over workflows' queues: claims one, serves the webhooks that are due, each in its own lane, and stores how far each is. Two writes
/// a run, whatever the number of webhooks; a slow webhook gets runs of its own.
/// </summary>
internal sealed partial class QueueDelivery : IDisposable
{
    /// <summary>Longest run over one queue before its progress is stored; an attempt that has begun then still ends.</summary>
    private static readonly TimeSpan DeliveryBudget = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How soon a queue that another process has claimed is read again: as a rule the claim is released long before it ends.
    /// </summary>
    private static readonly TimeSpan ClaimedPause = TimeSpan.FromSeconds(15);

    /// <summary>How soon a full lane is checked again where no request that ends reports it.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(15);

    private readonly INotificationOutbox _outbox;
    private readonly INotificationSender _sender;
    private readonly IWorkflowReader _workflows;
    private readonly OutboxSchedule _watch;
    private readonly NotificationOptions _options;
    private readonly TimeProvider _clock;
    private readonly NotificationMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Func<double> _random;
    private readonly WebhookBacklog? _backlog;
    private readonly FrozenDictionary<string, WebhookLane> _lanes;

    /// <summary>The queues that this process has claimed, by workflow.</summary>
    private readonly ConcurrentDictionary<string, HeldQueue> _held = new();

    public QueueDelivery(
        INotificationOutbox outbox,
        INotificationSender sender,
        IWorkflowReader workflows,
        OutboxSchedule schedule,
        NotificationOptions options,
        TimeProvider clock,
        NotificationMetrics metrics,
        ILogger logger,
        Func<double> random,
        WebhookBacklog? backlog
    )
    {
        _backlog = backlog;
        (_outbox, _sender, _workflows, _watch, _options) = (outbox, sender, workflows, schedule, options);
        (_clock, _metrics, _logger, _random) = (clock, metrics, logger, random);
        _lanes = options.Webhooks.ToFrozenDictionary(webhook => webhook.Name, _ => new WebhookLane(random));
    }

    /// <summary>Whether any webhook is set.</summary>
    public bool IsNeeded => _options.Webhooks.Count > 0;

    /// <summary>
    /// One run over one workflow's queue. Where this process holds it already, the webhooks that are not being served continue with new
    /// notifications.
    /// </summary>
    /// <param name="sending">Ends when the queue is claimed and its webhooks are served.</param>
    /// <returns>When the next is due; null when the queue is empty, or the run that holds it sees to the next.</returns>
    public async Task<DateTimeOffset?> DeliverAsync(
        Shard shard,
        WaitingNotifications waiting,
        DeliveryRun run,
        TaskCompletionSource sending
    )
    {
        var now = _clock.GetUtcNow();
        if (run.Ending.IsCancellationRequested)
        {
            return now;
        }

        var held = _held.GetValueOrDefault(waiting.WorkflowId);
        if (
            held is null
            && waiting.ClaimedUntil is { } claimedUntil
            && !Deadline.HasPassed(claimedUntil, now, 2 * NotificationDelivery.Claim)
        )
        {
            return Instants.Earlier(claimedUntil, now + ClaimedPause);
        }

        if (held is not null && !held.TryExtend(waiting))
        {
            return now + ClaimedPause;
        }

        List<Webhook> idle = [.. _options.Webhooks.Where(webhook => held is null || !held.IsServing(webhook.Name))];
        var cursors = idle.ToDictionary(webhook => webhook.Name, webhook => held?.CursorOf(webhook.Name) ?? CursorOf(webhook, waiting));
        DateTimeOffset? DueAfter(LastObservation read) =>
            idle.Select(webhook => DueAt(webhook, shard, waiting.Notifications, cursors[webhook.Name], read, now)).Min();
        var (due, seen) = (DueAfter(LastObservation.None), LastObservation.None);
        if (due <= now && _options.SettleFor > TimeSpan.Zero)
        {
            seen = await ReadLastAsync(waiting.WorkflowId, run.Ending);
            due = DueAfter(seen);
        }

        if (due is null && held is null)
        {
            return await DropAsync(shard, waiting, now, run.Ending);
        }

        if (due is null || due > now)
        {
            return due;
        }

        var planned = Plan(shard, idle, waiting.Notifications, cursors, seen, now);
        if (planned.Count == 0)
        {
            return now + FullPause;
        }

        if (held is not null)
        {
            held.Read = seen;
            // The run that holds it stores the progress and knows when the next is due.
            return Serve(held, planned, run) ? null : now + ClaimedPause;
        }

        if (await ClaimAsync(waiting, planned, now, run.Ending) is not { } claimed)
        {
            return now + ClaimedPause;
        }

        return await HoldAsync(shard, new HeldQueue(claimed, cursors, seen, _clock.GetTimestamp()), planned, run, sending);
    }

    /// <summary>When the next attempt at a webhook is due with a queue; null when it is through.</summary>
    public DateTimeOffset? NextAttemptAt(Webhook webhook, WaitingNotifications waiting, DateTimeOffset now) =>
        StepOf(webhook, waiting.Notifications, CursorOf(webhook, waiting), LastObservation.None, now).At;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Dispose();
        }
    }

    private static DeliveryCursor CursorOf(Webhook webhook, WaitingNotifications waiting) =>
        waiting.Cursors.GetValueOrDefault(webhook.Name) ?? new DeliveryCursor(waiting.Notifications[0].Sequence - 1);

    private static bool Pauses(DeliveryCursor cursor, DateTimeOffset now) =>
        cursor.NextAt is { } next && !Deadline.HasPassed(next, now, RetryBackoff.Longest);

    /// <summary>Nothing for any webhook, as when webhooks were taken out of the settings: the rows go.</summary>
    private async Task<DateTimeOffset?> DropAsync(Shard shard, WaitingNotifications waiting, DateTimeOffset now, CancellationToken ending)
    {
        if (await _outbox.ClaimAsync(waiting, now + NotificationDelivery.Claim, ending) is not { } claimed)
        {
            return now + ClaimedPause;
        }

        return await CommitProgressAsync(
            shard,
            new HeldQueue(
                claimed,
                _options.Webhooks.Select(w => KeyValuePair.Create(w.Name, CursorOf(w, claimed))),
                LastObservation.None,
                0
            )
        );
    }

    /// <summary>
    /// The webhooks that begin now: those with a slot in their lane, and those that may wait for one. The others begin when a slot is free.
    /// </summary>
    private List<(Webhook Webhook, bool HasSlot)> Plan(
        Shard shard,
        List<Webhook> idle,
        IReadOnlyList<Notification> notifications,
        Dictionary<string, DeliveryCursor> cursors,
        LastObservation read,
        DateTimeOffset now
    )
    {
        var planned = new List<(Webhook, bool)>();
        foreach (var webhook in idle)
        {
            var step = StepOf(webhook, notifications, cursors[webhook.Name], read, now);
            if (step.At is not { } at || at > now)
            {
                continue;
            }

            var lane = _lanes[webhook.Name];
            if (!step.Sends)
            {
                planned.Add((webhook, false));
            }
            else if (lane.TryEnter())
            {
                planned.Add((webhook, true));
            }
            else if (!lane.IsFull)
            {
                planned.Add((webhook, false));
            }
            else
            {
                lane.Await(shard);
            }
        }

        return planned;
    }

    private async Task<WaitingNotifications?> ClaimAsync(
        WaitingNotifications waiting,
        List<(Webhook Webhook, bool HasSlot)> planned,
        DateTimeOffset now,
        CancellationToken ending
    )
    {
        WaitingNotifications? claimed = null;
        try
        {
            claimed = await _outbox.ClaimAsync(waiting, now + NotificationDelivery.Claim, ending);
            return claimed;
        }
        finally
        {
            foreach (var (webhook, hasSlot) in planned.Where(_ => claimed is null))
            {
                Leave(webhook, hasSlot);
            }
        }
    }

    /// <summary>Serves the webhooks of a queue that was just claimed, with what comes meanwhile, and stores how far they are.</summary>
    private async Task<DateTimeOffset?> HoldAsync(
        Shard shard,
        HeldQueue held,
        List<(Webhook Webhook, bool HasSlot)> planned,
        DeliveryRun run,
        TaskCompletionSource sending
    )
    {
        _held[held.Queue.WorkflowId] = held;
        try
        {
            Serve(held, planned, run);
            sending.TrySetResult();
            await held.Served;
            // What was delivered must be stored, even when the process stops meanwhile.
            var next = await CommitProgressAsync(shard, held);
            if (held.GivenUp.Count > 0)
            {
                await _outbox.ForgetUndeliveredAsync(shard, _clock.GetUtcNow() - NotificationDelivery.KeepGivenUp, CancellationToken.None);
            }

            if (held.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            return held.MoreCame ? _clock.GetUtcNow() : next;
        }
        finally
        {
            _held.TryRemove(held.Queue.WorkflowId, out _);
        }
    }

    /// <returns>Whether any webhook is served; false where it is too late for that.</returns>
    private bool Serve(HeldQueue held, List<(Webhook Webhook, bool HasSlot)> planned, DeliveryRun run)
    {
        // All begin before the first may end.
        var begun = planned.ToLookup(one => held.TryBegin(one.Webhook.Name));
        foreach (var (webhook, hasSlot) in begun[false])
        {
            Leave(webhook, hasSlot);
        }

        foreach (var (webhook, hasSlot) in begun[true])
        {
            _ = ServeAsync(webhook, hasSlot, held, run);
        }

        return begun[true].Any();
    }

    private async Task ServeAsync(Webhook webhook, bool hasSlot, HeldQueue held, DeliveryRun run)
    {
        try
        {
            await SendWhatIsDueAsync(webhook, hasSlot, held, run);
        }
        catch (OperationCanceledException) when (run.Ending.IsCancellationRequested)
        {
            // The rest is due as before.
        }
        catch (Exception exception)
        {
            held.Fail(exception);
        }
        finally
        {
            held.End(webhook.Name);
        }
    }

    /// <summary>
    /// The last read of a workflow. This version never reads a workflow whose row it cannot read, so there is no read to wait for.
    /// </summary>
    private async Task<LastObservation> ReadLastAsync(string workflowId, CancellationToken cancellationToken)
    {
        try
        {
            return LastObservation.Of(await _workflows.FindAsync(workflowId, cancellationToken));
        }
        catch (RowUnreadableException)
        {
            return LastObservation.None;
        }
    }

    private async Task<DateTimeOffset?> CommitProgressAsync(Shard shard, HeldQueue held)
    {
        var queue = held.Queue;
        // A webhook that is no longer set does not count.
        var cursors = _options.Webhooks.ToDictionary(webhook => webhook.Name, webhook => held.CursorOf(webhook.Name));
        var through = cursors.Values.Min(cursor => cursor.Through);
        var done = queue
            .Notifications.Take(INotificationOutbox.MaxDone)
            .TakeWhile(notification => notification.Sequence <= through)
            .Count();
        if (!await _outbox.CommitProgressAsync(queue, done, cursors, held.GivenUp, CancellationToken.None))
        {
            LogClaimLost(_logger, queue.WorkflowId);
            return _clock.GetUtcNow() + NotificationDelivery.Claim;
        }

        var now = _clock.GetUtcNow();
        var rest = queue.Notifications.Skip(done).ToList();
        _backlog?.Set(queue.WorkflowId, rest, cursors);
        return rest.Count == 0
            ? null
            : _options.Webhooks.Select(webhook => DueAt(webhook, shard, rest, cursors[webhook.Name], held.Read, now)).Min() ?? now;
    }

    /// <summary>
    /// When a webhook has something to be done in a queue; null when it is through. What is to be sent in a full lane is due when a slot is
    /// free.
    /// </summary>
    private DateTimeOffset? DueAt(
        Webhook webhook,
        Shard shard,
        IReadOnlyList<Notification> notifications,
        DeliveryCursor cursor,
        LastObservation read,
        DateTimeOffset now
    )
    {
        var (at, sends) = StepOf(webhook, notifications, cursor, read, now);
        if (sends && at <= now && _lanes[webhook.Name] is { IsFull: true } lane)
        {
            lane.Await(shard);
            return now + FullPause;
        }

        return at;
    }

    /// <summary>The next step of a webhook in a queue.</summary>
    private NextStep StepOf(
        Webhook webhook,
        IReadOnlyList<Notification> notifications,
        DeliveryCursor cursor,
        LastObservation read,
        DateTimeOffset now
    )
    {
        var ahead = notifications.Where(notification => notification.Sequence > cursor.Through).ToList();
        if (ahead.Count == 0)
        {
            return new NextStep(null, false);
        }

        var decision = NotificationDebounce.Decide(ahead, webhook.On, _options.SettleFor, read.At, now);
        if (decision.Done == 0)
        {
            return new NextStep(
                decision.WaitUntil > now
                    ? decision.WaitUntil
                    : (read.NextAt > now ? read.NextAt.Value : now) + NotificationDelivery.ScanPause,
                false
            );
        }

        if (decision.Notify is not { } tell || !webhook.Wants(tell))
        {
            return new NextStep(now, false);
        }

        var at = Pauses(cursor, now) ? cursor.NextAt!.Value : now;
        // One that is too old to wait for a resting webhook is given up now.
        var rests = _lanes[webhook.Name].Circuit.OpenUntil(now);
        return new NextStep(rests > at && !IsTooOld(tell, now) ? rests.Value : at, true);
    }

    private bool IsTooOld(Notification notification, DateTimeOffset now) => now - notification.At >= _options.GiveUpAfter;

    /// <summary>Sends a webhook what is due for it, in order, until something fails or its lane is full.</summary>
    /// <param name="hasSlot">Whether a slot in its lane is taken already.</param>
    private async Task SendWhatIsDueAsync(Webhook webhook, bool hasSlot, HeldQueue held, DeliveryRun run)
    {
        var lane = _lanes[webhook.Name];
        try
        {
            for (var cursor = held.CursorOf(webhook.Name); ; )
            {
                var now = _clock.GetUtcNow();
                var ahead = held.Queue.Notifications.Where(notification => notification.Sequence > cursor.Through).ToList();
                if (
                    ahead.Count == 0
                    || NotificationDebounce.Decide(ahead, webhook.On, _options.SettleFor, held.Read.At, now) is not { Done: > 0 } decision
                )
                {
                    return;
                }

                var through = new DeliveryCursor(ahead[decision.Done - 1].Sequence) { DeliveredAt = cursor.DeliveredAt };
                if (decision.Notify is not { } tell || !webhook.Wants(tell))
                {
                    held.Advance(webhook.Name, cursor = through);
                    continue;
                }

                if (Pauses(cursor, now) || run.Ending.IsCancellationRequested || _clock.GetElapsedTime(held.Since) > DeliveryBudget)
                {
                    return;
                }

                if (!hasSlot && !(hasSlot = await lane.EnterAsync(run.Ending)))
                {
                    return;
                }

                var sent = await lane.SendAsync(() => _sender.SendAsync(webhook, tell, run.Stopping), _clock);
                Leave(webhook, hasSlot);
                hasSlot = false;
                if (sent is { Change: { } change })
                {
                    LogChange(webhook, change, sent.Value.Result);
                }

                now = _clock.GetUtcNow();
                if (sent is { Result.Delivered: true })
                {
                    run.Delivered();
                    _metrics.Delivered(webhook, now - tell.At);
                    held.Advance(webhook.Name, cursor = through with { DeliveredAt = now });
                    continue;
                }

                if (sent is { Result: var result })
                {
                    run.Failed();
                    _metrics.Failed(webhook);
                    var next = now + RetryBackoff.After(cursor.Attempts + 1, _random(), result.RetryAfter);
                    held.Advance(
                        webhook.Name,
                        cursor = cursor with { Attempts = cursor.Attempts + 1, NextAt = next, Error = result.Error }
                    );
                }

                if (!IsTooOld(tell, now))
                {
                    return;
                }

                held.Advance(webhook.Name, through, GiveUp(webhook, tell, cursor, now));
                run.GivenUp();
                cursor = through;
            }
        }
        finally
        {
            Leave(webhook, hasSlot);
        }
    }

    private UndeliveredNotification GiveUp(Webhook webhook, Notification notification, DeliveryCursor cursor, DateTimeOffset now)
    {
        var record = new UndeliveredNotification
        {
            Webhook = webhook.Name,
            Id = notification.Id,
            WorkflowId = notification.WorkflowId,
            Sequence = notification.Sequence,
            At = notification.At,
            GivenUpAt = now,
            Attempts = cursor.Attempts,
            Error = cursor.Error ?? _lanes[webhook.Name].Circuit.Error,
            Headline = notification.Facts.Headline,
        };
        _metrics.GivenUp(webhook);
        LogGivenUp(_logger, record.Id, webhook.Name, webhook.Host, record.Attempts, record.Error);
        return record;
    }

    /// <summary>Gives a slot back, if there is one, to the shard that has waited longest.</summary>
    private void Leave(Webhook webhook, bool hasSlot)
    {
        if (hasSlot && _lanes[webhook.Name].Exit() is { } shard)
        {
            _watch.ScheduleAt(shard, _clock.GetUtcNow());
        }
    }

    private void LogChange(Webhook webhook, WebhookChange change, SendResult result)
    {
        if (change is WebhookChange.Failing)
        {
            LogFailing(_logger, webhook.Name, webhook.Host, result.Error);
        }
        else
        {
            LogRecovered(_logger, webhook.Name, webhook.Host);
        }
    }

    [LoggerMessage(
        EventId = 1501,
        EventName = "NotificationGivenUp",
        Level = LogLevel.Error,
        Message = "Notification {Id} is given up: webhook {Webhook} ({Host}) did not take it in {Attempts} attempts, the last one: {Reason}"
    )]
    private static partial void LogGivenUp(ILogger logger, string id, string webhook, string host, int attempts, string? reason);

    [LoggerMessage(
        EventId = 1502,
        EventName = "WebhookFailing",
        Level = LogLevel.Warning,
        Message = "Webhook {Webhook} ({Host}) fails: {Reason} It is tried again at growing intervals; nothing is lost for a day"
    )]
    private static partial void LogFailing(ILogger logger, string webhook, string host, string? reason);

    [LoggerMessage(
        EventId = 1503,
        EventName = "WebhookRecovered",
        Level = LogLevel.Information,
        Message = "Webhook {Webhook} ({Host}) takes notifications again"
    )]
    private static partial void LogRecovered(ILogger logger, string webhook, string host);

    [LoggerMessage(
        EventId = 1504,
        EventName = "DeliveryClaimLost",
        Level = LogLevel.Information,
        Message = "Workflow {WorkflowId}: another process has taken its notifications over; some may be delivered twice"
    )]
    private static partial void LogClaimLost(ILogger logger, string workflowId);

    /// <summary>What a webhook does next in a queue.</summary>
    /// <param name="At">When; null when it is through.</param>
    /// <param name="Sends">Whether it then sends, for which it needs a slot in its lane.</param>
    private readonly record struct NextStep(DateTimeOffset? At, bool Sends);
}
