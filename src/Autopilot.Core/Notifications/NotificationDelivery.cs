using System.Collections.Concurrent;
using System.Collections.Frozen;
using Autopilot.Core.Tracking;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Works the outbox off. At least once: a notification leaves its row only after the receiver has taken it, so that a crash in between tells it again, with the
/// same id. In order per workflow and webhook: the next one is not tried before the one before is delivered, passed over or given up. A webhook that
/// fails holds up neither another webhook nor another workflow.
/// </summary>
public sealed partial class NotificationDelivery : IDisposable
{
    /// <summary>How long a claim holds: far longer than one turn at a workflow takes.</summary>
    internal static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>How long the record of one that was given up is kept.</summary>
    internal static readonly TimeSpan KeepGivenUp = TimeSpan.FromDays(30);

    /// <summary>After a read of a workflow is due, how long until its outcome is looked for.</summary>
    internal static readonly TimeSpan LookPause = TimeSpan.FromSeconds(15);

    /// <summary>Longest turn at one workflow before its progress is stored; an attempt that has begun then still ends.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    private const int ShardsAtOnce = 4, WorkflowsAtOnce = 4;

    private readonly INotificationOutbox _outbox;
    private readonly INotificationSender _sender;
    private readonly IWorkflowReader _workflows;
    private readonly OutboxWatch _watch;
    private readonly NotificationOptions _options;
    private readonly TimeProvider _clock;
    private readonly NotificationMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Func<double> _dice;
    private readonly SemaphoreSlim _alone = new(1);
    private readonly FrozenDictionary<string, WebhookGate> _gates;

    /// <summary>The workflows whose last turn failed for a reason of their own, by id, until they are tried again.</summary>
    private readonly ConcurrentDictionary<string, FailedTurn> _failedTurns = new();

    internal NotificationDelivery(
        INotificationOutbox outbox, INotificationSender sender, IWorkflowReader workflows, OutboxWatch watch, IOptions<NotificationOptions> options, TimeProvider clock, NotificationMetrics metrics, ILogger<NotificationDelivery> logger, Func<double> dice)
    {
        (_outbox, _sender, _workflows, _watch, _options) = (outbox, sender, workflows, watch, options.Value);
        (_clock, _metrics, _logger, _dice) = (clock, metrics, logger, dice);
        _gates = _options.Webhooks.ToFrozenDictionary(webhook => webhook.Name, _ => new WebhookGate(dice));
    }

    /// <summary>Whether there is anybody to tell.</summary>
    public bool IsNeeded => _options.Webhooks.Count > 0;

    /// <summary>
    /// Delivers what is due, for at most <paramref name="budget"/> and the attempts that have then begun, 10 seconds each. Never throws for the store or a webhook.
    /// One run at a time in a process: a second caller waits for the first, and then finds little to do. Without webhooks it does nothing.
    /// </summary>
    public Task<DeliveryResult> RunAsync(TimeSpan budget, CancellationToken cancellationToken) => RunAsync(budget, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="RunAsync(TimeSpan, CancellationToken)"/>, but does nothing, at once, while another run is under way: for a caller who has others waiting for it.</summary>
    public Task<DeliveryResult> RunUnlessUnderWayAsync(TimeSpan budget, CancellationToken cancellationToken) => RunAsync(budget, TimeSpan.Zero, cancellationToken);

    private async Task<DeliveryResult> RunAsync(TimeSpan budget, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!IsNeeded)
            return new DeliveryResult(0, 0, 0);
        using var spent = new CancellationTokenSource(budget, _clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(spent.Token, cancellationToken);
        try
        {
            if (!await _alone.WaitAsync(patience, ending.Token))
                return new DeliveryResult(0, 0, 0);
        }
        catch (OperationCanceledException)
        {
            return new DeliveryResult(0, 0, 0);
        }

        var tally = new Tally();
        try
        {
            var now = _clock.GetUtcNow();
            await Parallel.ForEachAsync(Shard.All.Where(shard => _watch.IsDue(shard, now)), new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnce, CancellationToken = ending.Token }, async (shard, _) =>
                await DeliverAsync(shard, tally, ending.Token, cancellationToken));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The rest is due as before.
        }
        finally
        {
            _alone.Release();
        }

        var result = tally.Result;
        if (result.Delivered + result.Failed + result.GivenUp > 0)
            LogRun(_logger, result.Delivered, result.Failed, result.GivenUp);
        return result;
    }

    /// <summary>When there is something to do again, and what ends sooner when a notification is written.</summary>
    public (DateTimeOffset Due, Task Written) Next() => _watch.Next();

    /// <param name="ending">Begins nothing more.</param>
    /// <param name="stopping">Cuts what has begun: the process stops.</param>
    private async Task DeliverAsync(Shard shard, Tally tally, CancellationToken ending, CancellationToken stopping)
    {
        _watch.Looking(shard, _clock.GetUtcNow());
        var again = new ConcurrentBag<DateTimeOffset>();
        try
        {
            var waiting = await _outbox.ReadAsync(shard, ending);
            ForgetFailedTurns(shard, waiting);
            var unavailable = new ConcurrentBag<StorageUnavailableException>();
            await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = WorkflowsAtOnce }, async (workflow, _) =>
            {
                if (await TryTurnAsync(shard, workflow, tally, unavailable, ending, stopping) is { } at)
                {
                    again.Add(at);
                }
            });
            if (unavailable.TryPeek(out var failure))
            {
                LogNotRead(_logger, shard.Key, failure.Message);
            }
        }
        catch (StorageUnavailableException exception)
        {
            LogNotRead(_logger, shard.Key, exception.Message);
            again.Add(_clock.GetUtcNow() + RetryPace.After(2, _dice(), null));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            again.Add(_clock.GetUtcNow());
        }
        catch (Exception exception)
        {
            LogBroke(_logger, exception, shard.Key);
            again.Add(_clock.GetUtcNow() + RetryPace.Longest);
        }

        if (!again.IsEmpty)
            _watch.Again(shard, again.Min());
    }

    /// <summary>One turn at one workflow's queue; its failure delays only this workflow.</summary>
    /// <param name="unavailable">Collects the failures of the store, which are logged once for the shard.</param>
    /// <returns>When the next turn is due; null when the queue is empty.</returns>
    private async Task<DateTimeOffset?> TryTurnAsync(
        Shard shard,
        WaitingNotifications waiting,
        Tally tally,
        ConcurrentBag<StorageUnavailableException> unavailable,
        CancellationToken ending,
        CancellationToken stopping)
    {
        var id = waiting.WorkflowId;
        var failed = _failedTurns.GetValueOrDefault(id);
        if (failed is not null && !Waits.IsOver(failed.NextAt, _clock.GetUtcNow(), RetryPace.Longest))
        {
            return failed.NextAt;
        }

        try
        {
            var next = await TakeTurnAsync(shard, waiting, tally, ending, stopping);
            _failedTurns.TryRemove(id, out _);
            return next;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return _clock.GetUtcNow();
        }
        catch (StorageUnavailableException exception)
        {
            unavailable.Add(exception);
            return _clock.GetUtcNow() + RetryPace.After(2, _dice(), null);
        }
        catch (Exception exception)
        {
            if (failed is null)
            {
                LogTurnFailed(_logger, exception, id);
            }

            var failures = (failed?.Failures ?? 0) + 1;
            var next = _clock.GetUtcNow() + RetryPace.After(failures, _dice(), null);
            _failedTurns[id] = new FailedTurn(failures, next);
            return next;
        }
    }

    /// <summary>Drops the workflows of a shard that have nothing waiting any more.</summary>
    private void ForgetFailedTurns(Shard shard, IReadOnlyList<WaitingNotifications> waiting)
    {
        if (_failedTurns.IsEmpty)
        {
            return;
        }

        var ids = waiting.Select(one => one.WorkflowId).ToHashSet();
        foreach (var id in _failedTurns.Keys.Where(id => Shard.Of(id) == shard && !ids.Contains(id)))
        {
            _failedTurns.TryRemove(id, out _);
        }
    }

    /// <summary>One turn at one workflow's queue.</summary>
    /// <returns>When the next is due; null when the queue is empty.</returns>
    private async Task<DateTimeOffset?> TakeTurnAsync(Shard shard, WaitingNotifications waiting, Tally tally, CancellationToken ending, CancellationToken stopping)
    {
        var now = _clock.GetUtcNow();
        if (ending.IsCancellationRequested)
            return now;
        if (waiting.ClaimedUntil is { } claimedUntil && !Waits.IsOver(claimedUntil, now, 2 * Claim))
            return claimedUntil;
        var due = _options.Webhooks.Select(webhook => DueAt(webhook, waiting.Notifications, CursorOf(webhook, waiting), LastLook.None, now)).Min();
        var look = LastLook.None;
        if (due <= now && _options.SettleFor > TimeSpan.Zero)
        {
            look = await LookAsync(waiting.WorkflowId, ending);
            due = _options.Webhooks.Select(webhook => DueAt(webhook, waiting.Notifications, CursorOf(webhook, waiting), look, now)).Min();
        }

        if (due is null || due > now)
            // Nothing for anybody, as when webhooks were taken out of the settings: the rows go.
            return due ?? (await _outbox.ClaimAsync(waiting, now + Claim, ending) is { } abandoned ? await SettleAsync(abandoned, waiting.Cursors, [], look, ending) : now + Claim);

        if (await _outbox.ClaimAsync(waiting, now + Claim, ending) is not { } claimed)
            return now + Claim;
        var givenUp = new ConcurrentBag<UndeliveredNotification>();
        var told = await Task.WhenAll(_options.Webhooks.Select(async webhook => (webhook.Name, Cursor: await TellAsync(webhook, claimed, look, givenUp, tally, ending, stopping))));
        // What was delivered must be remembered, whoever stops meanwhile.
        var next = await SettleAsync(claimed, told.ToDictionary(one => one.Name, one => one.Cursor), [.. givenUp], look, CancellationToken.None);
        if (!givenUp.IsEmpty)
            await _outbox.ForgetUndeliveredAsync(shard, now - KeepGivenUp, CancellationToken.None);
        return next;
    }

    /// <summary>The last look at a workflow. This version never reads a workflow whose row it cannot read, so there is no look to wait for.</summary>
    private async Task<LastLook> LookAsync(string workflowId, CancellationToken cancellationToken)
    {
        try
        {
            return LastLook.Of(await _workflows.FindAsync(workflowId, cancellationToken));
        }
        catch (RowUnreadableException)
        {
            return LastLook.None;
        }
    }

    private async Task<DateTimeOffset?> SettleAsync(WaitingNotifications claimed, IReadOnlyDictionary<string, DeliveryCursor> cursors, IReadOnlyList<UndeliveredNotification> givenUp, LastLook look, CancellationToken cancellationToken)
    {
        // A webhook that is no longer set has no say.
        var kept = _options.Webhooks.ToDictionary(webhook => webhook.Name, webhook => cursors.GetValueOrDefault(webhook.Name) ?? CursorOf(webhook, claimed));
        var through = kept.Values.Min(cursor => cursor.Through);
        var done = claimed.Notifications.Take(INotificationOutbox.MaxDone).TakeWhile(notification => notification.Sequence <= through).Count();
        if (!await _outbox.SettleAsync(claimed, done, kept, givenUp, cancellationToken))
        {
            LogClaimLost(_logger, claimed.WorkflowId);
            return _clock.GetUtcNow() + Claim;
        }

        var now = _clock.GetUtcNow();
        var rest = claimed.Notifications.Skip(done).ToList();
        return rest.Count == 0 ? null : _options.Webhooks.Select(webhook => DueAt(webhook, rest, kept[webhook.Name], look, now)).Min() ?? now;
    }

    private static DeliveryCursor CursorOf(Webhook webhook, WaitingNotifications waiting) =>
        waiting.Cursors.GetValueOrDefault(webhook.Name) ?? new DeliveryCursor(waiting.Notifications[0].Sequence - 1);

    /// <summary>When a webhook has something to be done in a queue; null when it is through.</summary>
    private DateTimeOffset? DueAt(
        Webhook webhook, IReadOnlyList<Notification> notifications, DeliveryCursor cursor, LastLook look, DateTimeOffset now)
    {
        var ahead = notifications.Where(notification => notification.Sequence > cursor.Through).ToList();
        if (ahead.Count == 0)
            return null;
        var verdict = Settling.Judge(ahead, webhook.On, _options.SettleFor, look.At, now);
        if (verdict.Done == 0)
        {
            return verdict.WaitUntil > now ? verdict.WaitUntil : (look.NextAt > now ? look.NextAt.Value : now) + LookPause;
        }

        if (verdict.Tell is not { } tell || !webhook.Wants(tell))
            return now;
        var at = Pauses(cursor, now) ? cursor.NextAt!.Value : now;
        // One that is too old to wait for a resting webhook is given up now.
        var rests = _gates[webhook.Name].RestsUntil(now);
        return rests > at && !IsTooOld(tell, now) ? rests.Value : at;
    }

    private static bool Pauses(DeliveryCursor cursor, DateTimeOffset now) => cursor.NextAt is { } next && !Waits.IsOver(next, now, RetryPace.Longest);

    private bool IsTooOld(Notification notification, DateTimeOffset now) => now - notification.At >= _options.GiveUpAfter;

    /// <summary>Tells one webhook what is due for it, in order, until something fails.</summary>
    private async Task<DeliveryCursor> TellAsync(Webhook webhook, WaitingNotifications claimed, LastLook look, ConcurrentBag<UndeliveredNotification> givenUp, Tally tally, CancellationToken ending, CancellationToken stopping)
    {
        var (began, gate) = (_clock.GetTimestamp(), _gates[webhook.Name]);
        for (var cursor = CursorOf(webhook, claimed); ;)
        {
            var now = _clock.GetUtcNow();
            var ahead = claimed.Notifications.Where(notification => notification.Sequence > cursor.Through).ToList();
            if (ahead.Count == 0 || Settling.Judge(ahead, webhook.On, _options.SettleFor, look.At, now) is not { Done: > 0 } verdict)
                return cursor;
            var through = new DeliveryCursor(ahead[verdict.Done - 1].Sequence);
            if (verdict.Tell is not { } tell || !webhook.Wants(tell))
            {
                cursor = through;
                continue;
            }

            if (Pauses(cursor, now) || ending.IsCancellationRequested || _clock.GetElapsedTime(began) > Turn)
                return cursor;
            SendResult? result;
            try
            {
                result = await gate.SendAsync(() => _sender.SendAsync(webhook, tell, stopping), _clock, (change, sent) => LogChange(webhook, change, sent), ending);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return cursor;
            }

            now = _clock.GetUtcNow();
            if (result is { Delivered: true })
            {
                Interlocked.Increment(ref tally.Delivered);
                _metrics.Delivered(webhook, now - tell.At);
                cursor = through;
                continue;
            }

            if (result is not null)
            {
                Interlocked.Increment(ref tally.Failed);
                _metrics.Failed(webhook);
                cursor = cursor with { Attempts = cursor.Attempts + 1, NextAt = now + RetryPace.After(cursor.Attempts + 1, _dice(), result.RetryAfter), Error = result.Error };
            }

            if (!IsTooOld(tell, now))
                return cursor;
            var record = new UndeliveredNotification
            {
                Webhook = webhook.Name,
                Id = tell.Id,
                WorkflowId = tell.WorkflowId,
                Sequence = tell.Sequence,
                At = tell.At,
                GivenUpAt = now,
                Attempts = cursor.Attempts,
                Error = cursor.Error ?? gate.Error,
                Headline = tell.Facts.Headline,
            };
            givenUp.Add(record);
            Interlocked.Increment(ref tally.GivenUp);
            _metrics.GivenUp(webhook);
            LogGivenUp(_logger, record.Id, webhook.Name, webhook.Host, record.Attempts, record.Error);
            cursor = through;
        }
    }

    private void LogChange(Webhook webhook, GateChange change, SendResult result)
    {
        if (change is GateChange.Failing)
            LogFailing(_logger, webhook.Name, webhook.Host, result.Error);
        else
            LogRecovered(_logger, webhook.Name, webhook.Host);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gate in _gates.Values)
            gate.Dispose();
        _alone.Dispose();
    }

    private sealed class Tally
    {
        public int Delivered, Failed, GivenUp;

        public DeliveryResult Result => new(Delivered, Failed, GivenUp);
    }

    /// <summary>A workflow whose last turns failed for a reason of its own.</summary>
    /// <param name="Failures">Failed turns in a row.</param>
    /// <param name="NextAt">When it is tried again.</param>
    private sealed record FailedTurn(int Failures, DateTimeOffset NextAt);

    [LoggerMessage(EventId = 1501, EventName = "NotificationGivenUp", Level = LogLevel.Error, Message = "Notification {Id} is given up: webhook {Webhook} ({Host}) did not take it in {Attempts} attempts, the last one: {Reason}")]
    private static partial void LogGivenUp(ILogger logger, string id, string webhook, string host, int attempts, string? reason);

    [LoggerMessage(EventId = 1502, EventName = "WebhookFailing", Level = LogLevel.Warning, Message = "Webhook {Webhook} ({Host}) fails: {Reason} It is tried again at growing intervals; nothing is lost for a day")]
    private static partial void LogFailing(ILogger logger, string webhook, string host, string? reason);

    [LoggerMessage(EventId = 1503, EventName = "WebhookRecovered", Level = LogLevel.Information, Message = "Webhook {Webhook} ({Host}) takes notifications again")]
    private static partial void LogRecovered(ILogger logger, string webhook, string host);

    [LoggerMessage(EventId = 1504, EventName = "DeliveryClaimLost", Level = LogLevel.Information, Message = "Workflow {WorkflowId}: another process has taken its notifications over; some may be told twice")]
    private static partial void LogClaimLost(ILogger logger, string workflowId);

    [LoggerMessage(EventId = 1505, EventName = "OutboxNotRead", Level = LogLevel.Warning, Message = "Notifications of shard {Shard} could not be read or settled, and are tried again: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string shard, string reason);

    [LoggerMessage(EventId = 1506, EventName = "NotificationsDelivered", Level = LogLevel.Information, Message = "Notifications: delivered {Delivered}, failed {Failed}, given up {GivenUp}")]
    private static partial void LogRun(ILogger logger, int delivered, int failed, int givenUp);

    [LoggerMessage(EventId = 1507, EventName = "DeliveryBroke", Level = LogLevel.Error, Message = "Notifications of shard {Shard} could not be worked on")]
    private static partial void LogBroke(ILogger logger, Exception exception, string shard);

    [LoggerMessage(EventId = 1508, EventName = "WorkflowDeliveryFailed", Level = LogLevel.Error,
        Message = "Notifications of workflow {WorkflowId} could not be delivered and are tried again at growing intervals; other workflows are not affected")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, string workflowId);
}

/// <summary>What one run of the delivery did.</summary>
/// <param name="Delivered">Notifications that a webhook took.</param>
/// <param name="Failed">Attempts that failed, to be made again.</param>
/// <param name="GivenUp">Notifications that a webhook did not take in time.</param>
public sealed record DeliveryResult(int Delivered, int Failed, int GivenUp);
