using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One item that failed in a task's attempts, over all runs of a group.</summary>
/// <param name="Type">The task.</param>
/// <param name="Name">The item that failed.</param>
/// <param name="Count">Failed runs of the task that named it.</param>
public sealed record TopFailure(UpgradeTaskType Type, string Name, int Count);
