using Autopilot.Core.Paging;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>An entry of a list.</summary>
/// <param name="Row">The workflow.</param>
/// <param name="Key">Where it stands.</param>
public sealed record ListedWorkflow(TrackedWorkflow Row, SortKey Key);
