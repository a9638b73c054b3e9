using System.Globalization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Storage.Rows;
using Autopilot.Storage.Tables;
using Azure;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>
/// The outbox: rows of notifications in the partition of their workflow. The first row of a workflow's queue carries claim and progress for
/// all of it.
/// </summary>
internal sealed class TableNotificationOutbox(StorageTables tables) : INotificationOutbox
{
    private readonly StoredTable _workflows = tables.Workflows;

    public async Task<IReadOnlyList<WaitingNotifications>> ReadAsync(Shard shard, CancellationToken cancellationToken) =>
        (await ReadAsync(shard, RowKeys.NotificationPrefix, cancellationToken)).Waiting;

    public Task<OutboxStatus> ReadStatusAsync(Shard shard, CancellationToken cancellationToken) =>
        ReadAsync(shard, RowKeys.DeliveredPrefix, cancellationToken);

    private async Task<OutboxStatus> ReadAsync(Shard shard, string from, CancellationToken cancellationToken)
    {
        var (queues, delivered) = (new List<WaitingNotifications>(), new Dictionary<string, DateTimeOffset>());
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {shard.Key} and RowKey ge {from} and RowKey lt {RowKeys.UndeliveredPrefix}"
        );
        var (workflowId, notifications) = ("", new List<Notification>());
        await foreach (var page in _workflows.QueryAsync(filter, null, null, null, cancellationToken))
        {
            foreach (var row in page.Values)
            {
                if (row.RowKey.StartsWith(RowKeys.DeliveredPrefix, StringComparison.Ordinal))
                {
                    if (row.Raw(NotificationRow.DeliveredAt) is DateTimeOffset at)
                    {
                        delivered[row.RowKey[RowKeys.DeliveredPrefix.Length..]] = at;
                    }
                    continue;
                }
                if (_workflows.Read(NotificationRow.Format, row).Value is not { } notification)
                {
                    continue;
                }
                if (notification.WorkflowId != workflowId)
                {
                    (workflowId, notifications) = (notification.WorkflowId, []);
                    // Where the progress cannot be read, delivery starts over: twice is better than not at all.
                    var known = _workflows.Read(NotificationRow.CursorsFormat, row).Value;
                    queues.Add(
                        new WaitingNotifications(
                            workflowId,
                            notifications,
                            known?.Cursors ?? new Dictionary<string, DeliveryCursor>(),
                            NotificationRow.ClaimOf(row),
                            row.ETag.ToString()
                        )
                        {
                            Unknown = known?.Unknown,
                        }
                    );
                }
                notifications.Add(notification);
            }
        }
        return new OutboxStatus(queues, delivered);
    }

    public async Task<WaitingNotifications?> ClaimAsync(
        WaitingNotifications waiting,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var claim = new TableEntity(
            RowKeys.PartitionOf(waiting.WorkflowId),
            RowKeys.Notification(waiting.WorkflowId, waiting.Notifications[0].Sequence)
        )
        {
            [NotificationRow.ClaimedUntil] = until,
        };
        return
            await SendAsync([new(TableTransactionActionType.UpdateMerge, claim, new ETag(waiting.Version!))], cancellationToken)
                is { } versions
            ? waiting with
            {
                ClaimedUntil = until,
                Version = versions[0].ToString(),
            }
            : null;
    }

    public async Task<bool> CommitProgressAsync(
        WaitingNotifications claimed,
        int done,
        IReadOnlyDictionary<string, DeliveryCursor> cursors,
        IReadOnlyList<UndeliveredNotification> givenUp,
        CancellationToken cancellationToken
    )
    {
        var first = new ETag(claimed.Version!);
        var actions = claimed
            .Notifications.Take(done)
            .Select(
                (notification, i) =>
                    new TableTransactionAction(
                        TableTransactionActionType.Delete,
                        new TableEntity(
                            RowKeys.PartitionOf(claimed.WorkflowId),
                            RowKeys.Notification(claimed.WorkflowId, notification.Sequence)
                        ),
                        i == 0 ? first : ETag.All
                    )
            )
            .ToList();
        if (done < claimed.Notifications.Count)
        {
            var progress = NotificationRow.Progress(claimed.WorkflowId, claimed.Notifications[done].Sequence, cursors, claimed.Unknown);
            actions.Add(new(TableTransactionActionType.UpdateMerge, progress.Entity, done == 0 ? first : ETag.All));
        }
        actions.AddRange(
            cursors
                .Where(cursor => cursor.Value.DeliveredAt is not null)
                .Select(cursor => new TableTransactionAction(
                    TableTransactionActionType.UpsertMerge,
                    NotificationRow.Delivered(Shard.Of(claimed.WorkflowId), cursor.Key, cursor.Value.DeliveredAt!.Value).Entity
                ))
        );
        var room = 100 - actions.Count;
        actions.AddRange(
            givenUp
                .Take(room)
                .Select(record => new TableTransactionAction(TableTransactionActionType.UpsertReplace, NotificationRow.Of(record).Entity))
        );
        if (await SendAsync(actions, cancellationToken) is null)
        {
            return false;
        }
        // More records than a transaction holds, as with many webhooks that are all unavailable. The log has reported them, so a crash here
        // loses only the stored record.
        foreach (var more in givenUp.Skip(room).Chunk(100))
        {
            await SendAsync(
                [
                    .. more.Select(record => new TableTransactionAction(
                        TableTransactionActionType.UpsertReplace,
                        NotificationRow.Of(record).Entity
                    )),
                ],
                cancellationToken
            );
        }
        return true;
    }

    public async Task ForgetUndeliveredAsync(Shard shard, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var from = string.Create(
            CultureInfo.InvariantCulture,
            $"{RowKeys.UndeliveredPrefix}{DateTimeOffset.MaxValue.UtcTicks - before.UtcTicks + 1:D19}|"
        );
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {shard.Key} and RowKey ge {from} and RowKey lt {RowKeys.After(RowKeys.UndeliveredPrefix)}"
        );
        await foreach (var page in _workflows.QueryAsync(filter, null, ["PartitionKey", "RowKey"], null, cancellationToken))
        {
            foreach (var some in page.Values.Chunk(100))
            {
                // Lost to another process that forgets them too, or to a blip: the next time takes them.
                await SendAsync(
                    [
                        .. some.Select(row => new TableTransactionAction(
                            TableTransactionActionType.Delete,
                            new TableEntity(row.PartitionKey, row.RowKey),
                            ETag.All
                        )),
                    ],
                    cancellationToken
                );
            }
        }
    }

    public async Task ForgetDeliveredAsync(Shard shard, IReadOnlyCollection<string> webhooks, CancellationToken cancellationToken)
    {
        foreach (var some in webhooks.Chunk(100))
        {
            // Lost to another process that forgets them too, or to a blip: the next time takes them.
            await SendAsync(
                [
                    .. some.Select(webhook => new TableTransactionAction(
                        TableTransactionActionType.Delete,
                        new TableEntity(shard.Key, RowKeys.Delivered(webhook)),
                        ETag.All
                    )),
                ],
                cancellationToken
            );
        }
    }

    public async Task<IReadOnlyList<UndeliveredNotification>> ReadUndeliveredAsync(
        int atMost,
        UnreadableCount unreadable,
        CancellationToken cancellationToken
    )
    {
        var shards = await Task.WhenAll(Shard.All.Select(shard => ReadUndeliveredAsync(shard, atMost, unreadable, cancellationToken)));
        return [.. shards.SelectMany(records => records).OrderByDescending(record => record.GivenUpAt).Take(atMost)];
    }

    private async Task<List<UndeliveredNotification>> ReadUndeliveredAsync(
        Shard shard,
        int atMost,
        UnreadableCount unreadable,
        CancellationToken cancellationToken
    )
    {
        var records = new List<UndeliveredNotification>();
        var (first, end) = (RowKeys.UndeliveredPrefix, RowKeys.After(RowKeys.UndeliveredPrefix));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {shard.Key} and RowKey ge {first} and RowKey lt {end}");
        await foreach (var page in _workflows.QueryAsync(filter, atMost, null, null, cancellationToken))
        {
            var read = page.Values.Select(row => _workflows.Read(NotificationRow.UndeliveredFormat, row)).ToList();
            records.AddRange(read.Select(record => record.Value).OfType<UndeliveredNotification>());
            unreadable.Add(read.Count(record => record.Unreadable is not null));
            if (records.Count >= atMost)
            {
                break;
            }
        }
        return records;
    }

    /// <summary>
    /// Sends once; null when a row was not as expected. A write whose outcome is unknown counts as lost: a later read shows it.
    /// </summary>
    private async Task<IReadOnlyList<ETag>?> SendAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            return await _workflows.SendAsync(actions, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsConflict(e) || StorageFailure.IsMissing(e))
        {
            return null;
        }
        catch (Exception e) when (StorageFailure.Of(e, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }
}
