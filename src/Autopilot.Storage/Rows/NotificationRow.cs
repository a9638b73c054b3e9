using System.Text.Json;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>A notification that waits (<c>n|</c>), and the record of one that was given up (<c>n||</c>).</summary>
internal static class NotificationRow
{
    public const string ClaimedUntil = nameof(ClaimedUntil), Cursors = nameof(Cursors);

    private const string Notification = nameof(Notification), Undelivered = nameof(Undelivered);

    public static RowBuilder Of(Notification notification) =>
        new RowBuilder(RowKeys.PartitionOf(notification.WorkflowId), RowKeys.Notification(notification.WorkflowId, notification.Sequence))
            .SetJson(Notification, notification, StoredJsonContext.Default.Notification);

    public static Notification? Read(TableEntity row) => row.Json(Notification, StoredJsonContext.Default.Notification);

    public static IReadOnlyDictionary<string, DeliveryCursor> ReadCursors(TableEntity row) =>
        row.Json(Cursors, StoredJsonContext.Default.IReadOnlyDictionaryStringDeliveryCursor) ?? new Dictionary<string, DeliveryCursor>();

    /// <summary>What the first row of a queue holds besides its notification. No claim is written as one long past: a merge takes nothing away.</summary>
    public static RowBuilder Progress(string workflowId, long sequence, IReadOnlyDictionary<string, DeliveryCursor> cursors) =>
        new RowBuilder(RowKeys.PartitionOf(workflowId), RowKeys.Notification(workflowId, sequence))
            .Set(ClaimedUntil, DateTimeOffset.UnixEpoch)
            .Set(Cursors, JsonSerializer.Serialize(cursors, StoredJsonContext.Default.IReadOnlyDictionaryStringDeliveryCursor));

    public static RowBuilder Of(UndeliveredNotification record) =>
        new RowBuilder(RowKeys.PartitionOf(record.WorkflowId), RowKeys.Undelivered(record.WorkflowId, record.Sequence, record.GivenUpAt, record.Webhook))
            .SetJson(Undelivered, record, StoredJsonContext.Default.UndeliveredNotification);

    public static UndeliveredNotification? ReadUndelivered(TableEntity row) => row.Json(Undelivered, StoredJsonContext.Default.UndeliveredNotification);
}
