using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>A page of summaries, full or the last one; where it is neither, <paramref name="Partial"/> says why.</summary>
/// <param name="Value">The summaries, in the order that was asked for.</param>
/// <param name="Counts">Active workflows that match every filter but <c>assessment</c>, by assessment.</param>
/// <param name="Unreadable">Rows that were met and cannot be read; left out where there are none.</param>
/// <param name="Partial">Why the page is short though there is more.</param>
/// <param name="NextLink">Left out on the last page.</param>
/// <param name="Note">Why a filter can match nothing, such as a name that no cluster here has; else left out.</param>
internal sealed record WorkflowPage(
    IReadOnlyList<WorkflowSummary> Value,
    IReadOnlyDictionary<string, int> Counts,
    int? Unreadable,
    PartialReason? Partial,
    string? NextLink,
    string? Note
);
