using Autopilot.Core.Paging;

namespace Autopilot.Api.Changes;

/// <summary>
/// A page of changes over the fleet, newest first, full or the last one; where it is neither, <paramref name="Partial"/> says why.
/// </summary>
/// <param name="Since">The earliest observation, inclusive.</param>
/// <param name="Value">The changes.</param>
/// <param name="Unreadable">Rows that were met and cannot be read; left out where there are none.</param>
/// <param name="Partial">Why the page is short though there is more.</param>
/// <param name="NextLink">Left out on the last page.</param>
/// <param name="Note">Why a filter can match nothing, such as a name that no cluster here has; else left out.</param>
internal sealed record FleetChanges(
    DateTimeOffset Since,
    IReadOnlyList<FleetChangeItem> Value,
    int? Unreadable,
    PartialReason? Partial,
    string? NextLink,
    string? Note
);
