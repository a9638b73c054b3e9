using Autopilot.Api.Changes;
using Autopilot.Core.Paging;

namespace Autopilot.Api.Mcp;

/// <summary>A page of changes over all clusters, newest first.</summary>
/// <param name="Since">The earliest observation, inclusive: the token of the next page belongs to it.</param>
internal sealed record ChangeList(
    DateTimeOffset Since,
    IReadOnlyList<FleetChangeItem> Changes,
    int? Unreadable,
    PartialReason? Partial,
    string? ContinuationToken,
    string? Note
);
