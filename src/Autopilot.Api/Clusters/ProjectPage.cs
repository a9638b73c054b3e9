using Autopilot.Core.Paging;

namespace Autopilot.Api.Clusters;

/// <summary>A page of projects, full or the last one; where it is neither, <paramref name="Partial"/> says why.</summary>
/// <param name="Value">The projects, by id.</param>
/// <param name="Unreadable">Rows that were met and cannot be read; left out where there are none.</param>
/// <param name="Partial">Why the page is short though there is more.</param>
/// <param name="NextLink">Left out on the last page.</param>
internal sealed record ProjectPage(IReadOnlyList<ProjectResponse> Value, int? Unreadable, PartialReason? Partial, string? NextLink);
