namespace Autopilot.Core.Workflows;

/// <summary>
/// An edge of the required path: <paramref name="To"/> may start only after <paramref name="From"/> is done (an entry of
/// <c>lineStatuses</c>).
/// </summary>
public sealed record TaskDependency(UpgradeTaskType From, UpgradeTaskType To)
{
    /// <summary>
    /// Whether upstream calls the line critical, which its SDK says keeps a workflow from being cancelled before the line has been
    /// executed; null where it does not say, and in rows that were stored before this was kept.
    /// </summary>
    public bool? Critical { get; init; }
}
