using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;

namespace Autopilot.Storage.Rows;

/// <summary>The baseline: one row of the runs' table, behind all the months in key order.</summary>
internal static class BaselineRow
{
    public const string PartitionKey = "baseline";
    public const string RowKey = "current";

    private const string ComputedAt = "ComputedAt",
        Entries = "Entries",
        Failures = "Failures";

    public static RowBuilder Of(StoredBaseline kept) =>
        new RowBuilder(PartitionKey, RowKey)
            .Set(ComputedAt, kept.ComputedAt)
            .SetJson(Entries, kept.Baseline.Entries, StoredJsonContext.Default.IReadOnlyListBaselineEntry)
            .SetJson(
                Failures,
                kept.Baseline.Failures is { Count: > 0 } failures ? failures : null,
                StoredJsonContext.Default.IReadOnlyListFailurePrecedent
            );

    public static RowFormat<StoredBaseline> Format { get; } =
        new(
            StoredRowKind.Baseline,
            [ComputedAt, Entries, Failures],
            row => new StoredBaseline(
                new Baseline(row.List(Entries, StoredJsonContext.Default.IReadOnlyListBaselineEntry) ?? throw RowReader.Missing(Entries))
                {
                    Failures = row.List(Failures, StoredJsonContext.Default.IReadOnlyListFailurePrecedent) ?? [],
                },
                row.RequiredTime(ComputedAt)
            ),
            _ => null
        );
}
