using Autopilot.Core.Paging;

namespace Autopilot.Api.Reports;

/// <summary>
/// A page of runs, newest end first. Those that go on come before them, where they were asked for. It is full or the last one, or
/// <paramref name="Partial"/> says why not.
/// </summary>
/// <param name="Value">The runs.</param>
/// <param name="Unreadable">Rows that were met and cannot be read; left out where there are none.</param>
/// <param name="Partial">Why the page is short though there is more.</param>
/// <param name="NextLink">Left out on the last page.</param>
/// <param name="Note">Why a filter can match nothing, such as a name that no cluster here has; else left out.</param>
internal sealed record RunPage(IReadOnlyList<RunItem> Value, int? Unreadable, PartialReason? Partial, string? NextLink, string? Note);
