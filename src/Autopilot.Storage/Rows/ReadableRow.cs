using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Autopilot.Storage;

/// <summary>Reads rows of the runs' table one by one: a row that cannot be read must not stop the others and is left out, loudly.</summary>
internal static partial class ReadableRow
{
    public static T? TryRead<T>(TableEntity row, Func<TableEntity, T?> read, ILogger logger) where T : class
    {
        try
        {
            return read(row);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidDataException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            LogUnreadable(logger, e, row.PartitionKey, row.RowKey);
            return null;
        }
    }

    [LoggerMessage(EventId = 2301, EventName = "RunUnreadable", Level = LogLevel.Error, Message = "Row {PartitionKey}/{RowKey} of the runs cannot be read and is left out")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string partitionKey, string rowKey);
}
