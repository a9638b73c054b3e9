using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>The baseline: one row of the runs' table, behind all the months in key order.</summary>
internal static class BaselineRow
{
    public const string PartitionKey = "baseline";
    public const string RowKey = "current";

    private const string ComputedAt = "ComputedAt", Entries = "Entries";

    public static RowBuilder Of(KeptBaseline kept) =>
        new RowBuilder(PartitionKey, RowKey)
            .Set(ComputedAt, kept.ComputedAt)
            .SetJson(Entries, kept.Baseline.Entries, StoredJsonContext.Default.IReadOnlyListBaselineEntry);

    public static KeptBaseline? Read(TableEntity row) =>
        row.Time(ComputedAt) is { } computedAt ? new KeptBaseline(new Baseline(row.Json(Entries, StoredJsonContext.Default.IReadOnlyListBaselineEntry) ?? []), computedAt) : null;
}
