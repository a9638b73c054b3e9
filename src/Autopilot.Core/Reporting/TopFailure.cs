using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <param name="Type">The task.</param>
/// <param name="Name">The item that failed.</param>
/// <param name="Count">Failed runs of the task that named it.</param>
public sealed record TopFailure(UpgradeTaskType Type, string Name, int Count);
