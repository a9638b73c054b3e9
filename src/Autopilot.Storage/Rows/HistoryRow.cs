using Autopilot.Core.Workflows;
using Azure.Data.Tables;

namespace Autopilot.Storage;

/// <summary>One observed state (<c>h|</c>).</summary>
internal static class HistoryRow
{
    public const string ObservedAt = nameof(ObservedAt);

    private const string Sequence = nameof(Sequence), Phase = nameof(Phase), Assessment = nameof(Assessment), Hash = nameof(Hash), Changes = nameof(Changes), Document = nameof(Document);

    // Changes are bounded in number and length: packed, the worst of them take less.
    private const int ChangesParts = 8;

    /// <summary>All but the document.</summary>
    public static IReadOnlyList<string> EntryColumns { get; } =
        ["PartitionKey", "RowKey", Sequence, ObservedAt, Phase, Assessment, Hash, Changes, .. Enumerable.Range(0, ChangesParts).Select(part => RowReader.PartOf(Changes, part))];

    public static RowBuilder Of(string workflowId, HistoryState state) =>
        new RowBuilder(RowKeys.PartitionOf(workflowId), RowKeys.History(workflowId, state.Entry.Sequence))
            .Set(Sequence, state.Entry.Sequence)
            .Set(ObservedAt, state.Entry.ObservedAt)
            .Set(Phase, state.Entry.Phase.Value)
            .Set(Assessment, state.Entry.Assessment.ToString())
            .Set(Hash, state.Entry.Hash)
            .SetJson(Changes, state.Entry.Changes, StoredJsonContext.Default.IReadOnlyListStateChange)
            .SetText(Document, state.Document.Span);

    /// <summary>Never throws: changes that cannot be read are <c>other</c>, so that one row does not take the whole page away.</summary>
    public static HistoryEntry ReadEntry(TableEntity row) => new()
    {
        Sequence = row.Number(Sequence),
        ObservedAt = row.Time(ObservedAt) ?? default,
        Phase = WorkflowPhase.From(row.Text(Phase) ?? ""),
        Assessment = ReadAssessment(row.Text(Assessment)),
        Hash = row.Text(Hash) ?? "",
        Changes = ReadChanges(row),
    };

    public static HistoryState ReadState(TableEntity row) => new(ReadEntry(row), row.Packed(Document) ?? []);

    private static IReadOnlyList<StateChange> ReadChanges(TableEntity row)
    {
        IReadOnlyList<StateChange>? changes = null;
        try
        {
            changes = row.Json(Changes, StoredJsonContext.Default.IReadOnlyListStateChange);
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
        {
            // Told below.
        }
        return changes ?? [new StateChange(null, "other", null, null)];
    }

    private static Assessment ReadAssessment(string? text) => Enum.TryParse<Assessment>(text, out var assessment) ? assessment : Core.Workflows.Assessment.Unknown;
}
