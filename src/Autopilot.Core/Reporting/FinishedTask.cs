using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One task of a finished workflow.</summary>
/// <param name="Type">What the task does.</param>
/// <param name="Status">Status of the last attempt, by upstream's names.</param>
/// <param name="RunSeconds">Run time of the last attempt, in seconds; null where it is unknown.</param>
/// <param name="AllRunSeconds">Run time of all attempts together, in seconds; null where it is unknown.</param>
/// <param name="WaitSeconds">From when it could have started to its first start, in seconds; null where it is unknown.</param>
/// <param name="Attempts">How many attempts are known.</param>
/// <param name="Failures">How many of them were seen to fail.</param>
public sealed record FinishedTask(
    UpgradeTaskType Type,
    UpgradeTaskStatus Status,
    double? RunSeconds,
    double? AllRunSeconds,
    double? WaitSeconds,
    int Attempts,
    int Failures
)
{
    /// <summary>Its runs that must have failed although the failure was not seen; null for none, and in rows of old.</summary>
    public int? UnseenFailures { get; init; }

    /// <summary>
    /// What failed in its runs, most often first, at most <see cref="FailedItem.MaxKept"/>. Null where nothing failed or upstream did not
    /// say, and in rows of old.
    /// </summary>
    public IReadOnlyList<FailedItem>? Failed { get; init; }
}
