namespace Autopilot.Core.Retention;

/// <summary>What is past its retention of one workflow.</summary>
/// <param name="WorkflowId">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="EndedAt">Its end; null of an untracked one that had none.</param>
/// <param name="States">How many states go.</param>
/// <param name="UpTo">The newest sequence that goes.</param>
/// <param name="Sequence">How many states it has had in all.</param>
/// <param name="Version">The row as it was found: once it is another, nothing is deleted.</param>
public sealed record ExpiredWorkflow(
    string WorkflowId,
    ExpiryReason Reason,
    DateTimeOffset? EndedAt,
    long States,
    long UpTo,
    long Sequence,
    string Version
);
