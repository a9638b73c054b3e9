namespace Autopilot.Core.Workflows;

/// <summary>A task that another one depends on.</summary>
/// <param name="Task">The type of the task that comes first.</param>
/// <param name="Critical">Whether upstream calls the line between the two critical: its SDK says that the workflow cannot be cancelled
/// before a critical line has been executed. Left out where upstream does not say.</param>
public sealed record TaskDependencySummary(UpgradeTaskType Task, bool? Critical);
