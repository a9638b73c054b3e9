using Autopilot.Core.Paging;

namespace Autopilot.Api.Mcp;

/// <summary>The upgrades that wait for a person, the most urgent first.</summary>
/// <param name="Counts">How many that go on have each assessment, of all that match, those that need no one included.</param>
internal sealed record AttentionList(
    IReadOnlyList<AttentionItem> Upgrades,
    IReadOnlyDictionary<string, int> Counts,
    int? Unreadable,
    PartialReason? Partial,
    string? ContinuationToken,
    string? Note
);
