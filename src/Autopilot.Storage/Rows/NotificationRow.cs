using Autopilot.Core.Notifications;
using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Storage.Reading;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>
/// A notification that waits (<c>n|</c>), the record of one that was given up (<c>n||</c>), and when a webhook last took one (<c>nd|</c>).
/// </summary>
internal static class NotificationRow
{
    public const string ClaimedUntil = nameof(ClaimedUntil),
        Cursors = nameof(Cursors),
        DeliveredAt = nameof(DeliveredAt);

    private const string Notification = nameof(Notification),
        Undelivered = nameof(Undelivered);

    public static RowFormat<Notification> Format { get; } =
        new(
            StoredRowKind.Notification,
            [ClaimedUntil, Cursors, Notification],
            row => Check(row.RequiredJson(Notification, StoredJsonContext.Default.Notification)),
            row => row.RowKey.Split('|')[1]
        );

    public static RowFormat<StoredCursors> CursorsFormat { get; } =
        new(StoredRowKind.Notification, [ClaimedUntil, Cursors, Notification], ReadCursors, row => row.RowKey.Split('|')[1]);

    public static RowFormat<UndeliveredNotification> UndeliveredFormat { get; } =
        new(
            StoredRowKind.UndeliveredNotification,
            [Undelivered],
            row => row.RequiredJson(Undelivered, StoredJsonContext.Default.UndeliveredNotification),
            row => row.RowKey.Split('|')[3]
        );

    public static RowBuilder Of(Notification notification) =>
        new RowBuilder(
            RowKeys.PartitionOf(notification.WorkflowId),
            RowKeys.Notification(notification.WorkflowId, notification.Sequence)
        ).SetJson(Notification, notification, StoredJsonContext.Default.Notification);

    /// <summary>Until when the queue is claimed, of a first row that may be unreadable.</summary>
    public static DateTimeOffset? ClaimOf(TableEntity row) => row.Raw(ClaimedUntil) as DateTimeOffset?;

    /// <summary>When a webhook took one; it is a hint for people, and its row is merged, whatever else it holds.</summary>
    public static RowBuilder Delivered(Shard shard, string webhook, DateTimeOffset at) =>
        new RowBuilder(shard.Key, RowKeys.Delivered(webhook)).Set(DeliveredAt, at);

    private static StoredCursors ReadCursors(TableEntity row)
    {
        var unknown = new UnknownReader();
        var cursors =
            row.Json(Cursors, StoredJsonContext.Default.IReadOnlyDictionaryStringDeliveryCursor, unknown)
            ?? new Dictionary<string, DeliveryCursor>();
        return cursors.Values.All(cursor => cursor is not null)
            ? new StoredCursors(cursors, unknown.Content(null))
            : throw new UnreadableColumnException($"holds a list with a hole in column {Cursors}");
    }

    private static Notification Check(Notification notification) =>
        notification is { From: not null, To: not null, Facts: not null }
            ? notification
            : throw new UnreadableColumnException($"holds JSON of another shape in column {Notification}");

    /// <summary>
    /// What the first row of a queue holds besides its notification. No claim is written as one long past: a merge takes nothing away.
    /// </summary>
    public static RowBuilder Progress(
        string workflowId,
        long sequence,
        IReadOnlyDictionary<string, DeliveryCursor> cursors,
        UnknownContent? unknown
    ) =>
        new RowBuilder(RowKeys.PartitionOf(workflowId), RowKeys.Notification(workflowId, sequence))
            .Set(ClaimedUntil, DateTimeOffset.UnixEpoch)
            .Set(Cursors, RowBuilder.TextOf(Cursors, cursors, StoredJsonContext.Default.IReadOnlyDictionaryStringDeliveryCursor, unknown));

    public static RowBuilder Of(UndeliveredNotification record) =>
        new RowBuilder(
            RowKeys.PartitionOf(record.WorkflowId),
            RowKeys.Undelivered(record.WorkflowId, record.Sequence, record.GivenUpAt, record.Webhook)
        ).SetJson(Undelivered, record, StoredJsonContext.Default.UndeliveredNotification);
}
