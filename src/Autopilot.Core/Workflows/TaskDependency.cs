namespace Autopilot.Core.Workflows;

/// <summary>
/// An edge of the required path: <paramref name="To"/> may start only after <paramref name="From"/> is done (an entry of
/// <c>lineStatuses</c>).
/// </summary>
public sealed record TaskDependency(UpgradeTaskType From, UpgradeTaskType To);
