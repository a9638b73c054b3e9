using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One task of a finished workflow.</summary>
/// <param name="RunSeconds">Of the last attempt.</param>
/// <param name="AllRunSeconds">Of all attempts together.</param>
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
    /// What failed in its runs, most often first, at most <see cref="FailedItem.MaxKept"/>; null where nothing failed or upstream did not
    /// say, and in rows of old.
    /// </summary>
    public IReadOnlyList<FailedItem>? Failed { get; init; }
}
