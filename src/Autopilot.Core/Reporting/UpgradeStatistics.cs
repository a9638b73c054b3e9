using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>
/// What is counted over runs. Rates are 0 to 1 and absent where there is no run; so are percentiles where no run has the figure.
/// </summary>
public abstract record UpgradeStatistics
{
    /// <summary>Finished upgrades.</summary>
    public int Runs { get; init; }

    /// <summary>Those that left the cluster on the new version.</summary>
    public int Succeeded { get; init; }

    /// <summary>Those that a person cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>Those that ended with the cluster back on its old version.</summary>
    public int RolledBack { get; init; }

    /// <summary>Those that upstream no longer knows.</summary>
    public int Gone { get; init; }

    /// <summary>Runs that upstream calls a success though the cluster is not known to be on the new version: in no success rate.</summary>
    public int Unclear { get; init; }

    /// <summary>Succeeded runs of all but the unclear ones.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>
    /// <see cref="FirstTimeSuccesses"/> of the <see cref="WatchedRuns"/> without the unclear ones; absent where none was watched.
    /// </summary>
    public double? FirstTimeSuccessRate { get; init; }

    /// <summary>
    /// Runs that were seen before they ended. Of the others earlier attempts, failures and waits are unknown.
    /// </summary>
    public int WatchedRuns { get; init; }

    /// <summary>Succeeded runs among the watched ones.</summary>
    public int WatchedSucceeded { get; init; }

    /// <summary>
    /// Watched runs that succeeded without a failed task on the way, as <see cref="FinishedUpgrade.FailedOnTheWay"/> says.
    /// </summary>
    public int FirstTimeSuccesses { get; init; }

    /// <summary>
    /// Runs, whatever their outcome, in which a task failed on the way, as <see cref="FinishedUpgrade.FailedOnTheWay"/> says; a lower
    /// bound where not all were watched.
    /// </summary>
    public int FailedOnTheWay { get; init; }

    /// <summary>Runs of tasks, all together; at least so many where not all were watched.</summary>
    public int Attempts { get; init; }

    /// <summary>Runs of the rollback.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Time blocked, in total; absent where no run has it.</summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>
    /// Where the elapsed time went, summed over the <see cref="TimeRuns"/> runs that have the split, in seconds; absent where none has.
    /// </summary>
    public TimeSplit? Time { get; init; }

    /// <summary>
    /// Runs that have the split: not those that were recorded before it was kept, nor those whose elapsed time is unknown.
    /// </summary>
    public int TimeRuns { get; init; }

    /// <summary>Of the time that anything ran.</summary>
    public Percentiles? RunSeconds { get; init; }

    /// <summary>Of the rest of the time from creation to end.</summary>
    public Percentiles? WaitSeconds { get; init; }

    /// <summary>In the usual order.</summary>
    public IReadOnlyList<TaskStatistics> Tasks { get; init; } = [];

    /// <summary>What failed most often, at most <see cref="ReportBuilder.MaxTopFailures"/>.</summary>
    public IReadOnlyList<TopFailure> TopFailures { get; init; } = [];

    /// <summary>The longest by the time that anything ran, at most <see cref="ReportBuilder.MaxSlowest"/>.</summary>
    public IReadOnlyList<SlowUpgrade> Slowest { get; init; } = [];
}
