using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>What a request waits for, with what that needs.</summary>
/// <param name="Until">The kind.</param>
/// <param name="After">Of <see cref="WaitUntil.Moved"/>: the sequence that the caller knows; 0 otherwise.</param>
internal readonly record struct WaitCondition(WaitUntil Until, long After)
{
    /// <summary>Whether it holds.</summary>
    public bool Holds(WorkflowSummary summary) =>
        Until switch
        {
            WaitUntil.Completed => summary.Phase is { IsTerminal: true } || summary.Assessment is Assessment.Gone,
            WaitUntil.Moved => summary.Sequence != After,
            WaitUntil.Confirmed => summary.Tasks.Any(task =>
                task.Type == UpgradeTaskType.PostCheck && task.Status == UpgradeTaskStatus.Success
            ),
            _ => summary.Assessment is not (Assessment.Blocked or Assessment.Stalled),
        };

    /// <summary>
    /// Whether a row is behind what the caller knows: it was read for another caller before this one asked, and has not moved but is old.
    /// </summary>
    public bool IsOutdated(SharedRead read, long askedAt) =>
        Until is WaitUntil.Moved && read.BegunAt < askedAt && read.Workflow?.Sequence < After;
}
