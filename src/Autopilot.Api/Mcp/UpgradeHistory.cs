using Autopilot.Api.Workflows;
using Autopilot.Core.Paging;

namespace Autopilot.Api.Mcp;

/// <summary>A page of an upgrade's changes, newest first: as many as were asked for, or all that are left.</summary>
internal sealed record UpgradeHistory(
    string Id,
    string Headline,
    bool Stale,
    IReadOnlyList<HistoryItem> Changes,
    int? Unreadable,
    PartialReason? Partial,
    string? ContinuationToken
);
