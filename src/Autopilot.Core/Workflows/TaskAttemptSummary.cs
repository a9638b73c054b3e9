namespace Autopilot.Core.Workflows;

/// <summary>One attempt.</summary>
public sealed record TaskAttemptSummary
{
    /// <summary>Upstream's id of the run; null where it gave none.</summary>
    public string? TaskId { get; init; }

    /// <summary>The last status that was seen.</summary>
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Start by upstream's clock, UTC; null where upstream gave none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>
    /// End by upstream's clock, UTC, or the last observation of a run that was replaced unseen; null where neither is known.
    /// </summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Start to end; of a running or paused run up to the observation. Null where it is unknown.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>False where the end was never seen and the last observation stands in for it; null otherwise.</summary>
    public bool? EndObserved { get; init; }

    /// <summary>Upstream's own details of this attempt's failure; null when it has given none.</summary>
    public IReadOnlyList<FailureDetail>? Details { get; init; }
}
