using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Storage.Reading;

namespace Autopilot.Storage.Rows;

/// <summary>The record of the last retention run: one row of the runs' table, behind all the months in key order.</summary>
internal static class RetentionRow
{
    public const string PartitionKey = "retention";
    public const string RowKey = "last";

    private const string StartedAt = nameof(StartedAt),
        Result = nameof(Result);

    public static RowBuilder Of(RetentionRecord record) =>
        new RowBuilder(PartitionKey, RowKey)
            .Set(StartedAt, record.StartedAt)
            .SetJson(Result, record.Result, RowJson.Default.RetentionResult);

    public static RowFormat<RetentionRecord> Format { get; } =
        new(
            StoredRowKind.Retention,
            [StartedAt, Result],
            row => new RetentionRecord(row.RequiredTime(StartedAt), row.RequiredJson(Result, RowJson.Default.RetentionResult)),
            _ => null
        );
}
