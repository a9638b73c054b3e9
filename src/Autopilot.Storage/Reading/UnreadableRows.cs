using System.Collections.Concurrent;
using Autopilot.Core.Rows;
using Autopilot.Storage.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage.Reading;

/// <summary>Reports each unreadable row once in the life of the process: to the log, and to the metric of unreadable rows.</summary>
internal sealed partial class UnreadableRows(ILogger logger)
{
    /// <summary>Rows that are remembered. Beyond them the log says once that there are more.</summary>
    public const int MaxReported = 10_000;

    private readonly ConcurrentDictionary<(string Table, string PartitionKey, string RowKey), bool> _reported = new();
    private int _count;

    public void Report(UnreadableRow row)
    {
        if (Volatile.Read(ref _count) > MaxReported || !_reported.TryAdd((row.Table, row.PartitionKey, row.RowKey), true))
        {
            return;
        }
        if (Interlocked.Increment(ref _count) > MaxReported)
        {
            LogMore(logger, MaxReported);
            return;
        }
        StorageMetrics.Unreadable.Add(1, new("kind", row.Kind.ToString()), new("reason", row.IsFromNewerVersion ? "newer" : "damaged"));
        switch (row.Kind)
        {
            case StoredRowKind.Run or StoredRowKind.Baseline or StoredRowKind.Retention:
                LogRun(logger, row.PartitionKey, row.RowKey, row.Table, row.Reason);
                break;
            case StoredRowKind.Notification or StoredRowKind.UndeliveredNotification:
                LogNotification(logger, row.PartitionKey, row.RowKey, row.Table, row.Reason);
                break;
            case StoredRowKind.Cluster or StoredRowKind.Project:
                LogDiscovery(logger, row.PartitionKey, row.RowKey, row.Table, row.Reason);
                break;
            default:
                LogRow(logger, row.PartitionKey, row.RowKey, row.Table, row.Reason);
                break;
        }
    }

    [LoggerMessage(
        EventId = 2201,
        EventName = "RowUnreadable",
        Level = LogLevel.Error,
        Message = "Row {PartitionKey}/{RowKey} of table {Table} cannot be read and is left out: it {Reason}"
    )]
    private static partial void LogRow(ILogger logger, string partitionKey, string rowKey, string table, string reason);

    [LoggerMessage(
        EventId = 2301,
        EventName = "RunUnreadable",
        Level = LogLevel.Error,
        Message = "Row {PartitionKey}/{RowKey} of table {Table} cannot be read and is left out: it {Reason}"
    )]
    private static partial void LogRun(ILogger logger, string partitionKey, string rowKey, string table, string reason);

    [LoggerMessage(
        EventId = 2501,
        EventName = "NotificationUnreadable",
        Level = LogLevel.Error,
        Message = "Row {PartitionKey}/{RowKey} of table {Table} cannot be read, and its notification is not delivered: it {Reason}"
    )]
    private static partial void LogNotification(ILogger logger, string partitionKey, string rowKey, string table, string reason);

    [LoggerMessage(
        EventId = 2601,
        EventName = "DiscoveryRowUnreadable",
        Level = LogLevel.Error,
        Message = "Row {PartitionKey}/{RowKey} of table {Table} cannot be read and is left out: it {Reason}"
    )]
    private static partial void LogDiscovery(ILogger logger, string partitionKey, string rowKey, string table, string reason);

    [LoggerMessage(
        EventId = 2202,
        EventName = "MoreRowsUnreadable",
        Level = LogLevel.Error,
        Message = "{Rows} rows cannot be read; further ones are counted in answers and not logged"
    )]
    private static partial void LogMore(ILogger logger, int rows);
}
