using Autopilot.Core.Rows;
using Autopilot.Core.Serialization;
using Autopilot.Core.Workflows;
using Autopilot.Storage.Reading;
using Azure.Data.Tables;

namespace Autopilot.Storage.Rows;

/// <summary>One observed state (<c>h|</c>).</summary>
internal static class HistoryRow
{
    public const string ObservedAt = nameof(ObservedAt);

    private const string Sequence = nameof(Sequence),
        Phase = nameof(Phase),
        Assessment = nameof(Assessment),
        Hash = nameof(Hash),
        Changes = nameof(Changes),
        Document = nameof(Document);

    // Changes are bounded in number and length: packed, the worst of them take less.
    private const int ChangesParts = 8;

    /// <summary>All but the document.</summary>
    public static IReadOnlyList<string> EntryColumns { get; } =
    [
        "PartitionKey",
        "RowKey",
        RowFormat<HistoryEntry>.VersionColumn,
        Sequence,
        ObservedAt,
        Phase,
        Assessment,
        Hash,
        Changes,
        .. Enumerable.Range(0, ChangesParts).Select(part => RowReader.PartOf(Changes, part)),
    ];

    public static RowBuilder Of(string workflowId, HistoryState state) =>
        new RowBuilder(RowKeys.PartitionOf(workflowId), RowKeys.History(workflowId, state.Entry.Sequence))
            .Set(Sequence, state.Entry.Sequence)
            .Set(ObservedAt, state.Entry.ObservedAt)
            .Set(Phase, state.Entry.Phase.Value)
            .Set(Assessment, state.Entry.Assessment.ToString())
            .Set(Hash, state.Entry.Hash)
            .SetJson(Changes, state.Entry.Changes, StoredJsonContext.Default.IReadOnlyListStateChange)
            .SetText(Document, state.Document.Span);

    /// <summary>All but the document.</summary>
    public static RowFormat<HistoryEntry> EntryFormat { get; } = new(StoredRowKind.History, Columns, ReadEntry, IdOf);

    /// <summary>With the document.</summary>
    public static RowFormat<HistoryState> StateFormat { get; } =
        new(
            StoredRowKind.History,
            Columns,
            row => new HistoryState(ReadEntry(row), row.Packed(Document) ?? throw RowReader.Missing(Document)),
            IdOf
        );

    private static IEnumerable<string> Columns => [Sequence, ObservedAt, Phase, Assessment, Hash, Changes, Document];

    private static string IdOf(TableEntity row) => row.RowKey.Split('|')[1];

    private static HistoryEntry ReadEntry(TableEntity row) =>
        new()
        {
            Sequence = row.RequiredWhole(Sequence),
            ObservedAt = row.RequiredTime(ObservedAt),
            // Upstream may give none.
            Phase = WorkflowPhase.From(row.Text(Phase) ?? ""),
            Assessment = row.RequiredWord<Assessment>(Assessment),
            Hash = row.RequiredText(Hash),
            Changes = row.List(Changes, StoredJsonContext.Default.IReadOnlyListStateChange) ?? throw RowReader.Missing(Changes),
        };
}
