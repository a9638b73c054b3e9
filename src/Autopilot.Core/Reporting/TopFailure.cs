using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One item that failed in a task's attempts, over all runs of a group.</summary>
/// <param name="Type">The task.</param>
/// <param name="Name">The item that failed.</param>
/// <param name="Count">Failed runs of the task that named it.</param>
public sealed record TopFailure(UpgradeTaskType Type, string Name, int Count)
{
    /// <summary>Upgrades that failed on it, at least once each; null where costs are left out.</summary>
    public int? Upgrades { get; init; }

    /// <summary>How long failures blocked these upgrades, all together; null where that is known of none.</summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>The median of it over these upgrades, by nearest rank.</summary>
    public double? MedianBlockedSeconds { get; init; }

    /// <summary>Upgrades in which it failed once and the next attempt of the task succeeded; null where costs are left out.</summary>
    public int? ResolvedByNextAttempt { get; init; }

    /// <summary>Without what it cost, for where many must fit.</summary>
    public TopFailure WithoutCost() => new(Type, Name, Count);
}
