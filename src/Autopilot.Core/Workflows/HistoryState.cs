namespace Autopilot.Core.Workflows;

/// <summary>A history entry with the document as upstream sent it.</summary>
public sealed record HistoryState(HistoryEntry Entry, ReadOnlyMemory<byte> Document);
