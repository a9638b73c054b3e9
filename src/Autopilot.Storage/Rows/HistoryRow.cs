using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>One observed state (<c>h|</c>).</summary>
internal static class HistoryRow
{
    public const string ObservedAt = nameof(ObservedAt);

    private const string Sequence = nameof(Sequence), Phase = nameof(Phase), Assessment = nameof(Assessment), Hash = nameof(Hash), Changes = nameof(Changes), Document = nameof(Document);

    /// <summary>All but the document. The changes are a few hundred bytes; packed, they take one part.</summary>
    public static IReadOnlyList<string> EntryColumns { get; } = ["PartitionKey", "RowKey", Sequence, ObservedAt, Phase, Assessment, Hash, Changes, RowReader.PartOf(Changes, 0)];

    public static RowBuilder Of(string workflowId, HistoryState state) =>
        new RowBuilder(RowKeys.PartitionOf(workflowId), RowKeys.History(workflowId, state.Entry.Sequence))
            .Set(Sequence, state.Entry.Sequence)
            .Set(ObservedAt, state.Entry.ObservedAt)
            .Set(Phase, state.Entry.Phase.Value)
            .Set(Assessment, state.Entry.Assessment.ToString())
            .Set(Hash, state.Entry.Hash)
            .SetJson(Changes, state.Entry.Changes, StoredJsonContext.Default.IReadOnlyListStateChange)
            .SetText(Document, state.Document.Span);

    public static HistoryEntry ReadEntry(TableEntity row) => new()
    {
        Sequence = row.Number(Sequence),
        ObservedAt = row.Time(ObservedAt) ?? default,
        Phase = WorkflowPhase.From(row.Text(Phase) ?? ""),
        Assessment = ReadAssessment(row.Text(Assessment)),
        Hash = row.Text(Hash) ?? "",
        Changes = row.Json(Changes, StoredJsonContext.Default.IReadOnlyListStateChange) ?? [],
    };

    public static HistoryState ReadState(TableEntity row) => new(ReadEntry(row), row.Packed(Document) ?? []);

    private static Assessment ReadAssessment(string? text) => Enum.TryParse<Assessment>(text, out var assessment) ? assessment : Core.Workflows.Assessment.Unknown;
}
