using Autopilot.Core.Workflows;

namespace Autopilot.Core.Listing;

/// <summary>A row that was looked for.</summary>
/// <param name="Workflow">Null where there is none, or it cannot be read.</param>
/// <param name="Unreadable">Whether it is there and cannot be read.</param>
public readonly record struct ListedRow(TrackedWorkflow? Workflow, bool Unreadable);
