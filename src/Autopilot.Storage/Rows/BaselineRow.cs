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
        Entries = "Entries";

    public static RowBuilder Of(KeptBaseline kept) =>
        new RowBuilder(PartitionKey, RowKey)
            .Set(ComputedAt, kept.ComputedAt)
            .SetJson(Entries, kept.Baseline.Entries, StoredJsonContext.Default.IReadOnlyListBaselineEntry);

    public static RowFormat<KeptBaseline> Format { get; } =
        new(
            StoredRowKind.Baseline,
            [ComputedAt, Entries],
            row => new KeptBaseline(
                new Baseline(row.List(Entries, StoredJsonContext.Default.IReadOnlyListBaselineEntry) ?? throw RowReader.Missing(Entries)),
                row.RequiredTime(ComputedAt)
            ),
            _ => null
        );
}
