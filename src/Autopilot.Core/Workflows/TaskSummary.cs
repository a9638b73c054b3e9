namespace Autopilot.Core.Workflows;

/// <summary>One task with its durations, waits and every attempt.</summary>
public sealed record TaskSummary
{
    /// <summary>What the task does.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the latest run; null until the task was started.</summary>
    public string? TaskId { get; init; }

    /// <summary>Status of the latest run, by upstream's names; <c>NotStarted</c> where upstream gives none.</summary>
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Whether it lies on the required path (on some dependency line).</summary>
    public required bool Required { get; init; }

    /// <summary>
    /// True where the upgrade has gone past it: it failed or never started, and what depends on it has started. Left out otherwise.
    /// </summary>
    public bool? PassedOver { get; init; }

    /// <summary>True where the latest state does not show the task, so that the last known one stands; left out otherwise.</summary>
    public bool? Missing { get; init; }

    /// <summary>The tasks that it depends on directly.</summary>
    public IReadOnlyList<UpgradeTaskType> DependsOn { get; init; } = [];

    /// <summary>The same tasks as in <see cref="DependsOn"/>, each with what upstream says of the line between the two.</summary>
    public IReadOnlyList<TaskDependencySummary> Dependencies { get; init; } = [];

    /// <summary>Start of the latest run by upstream's clock, UTC; null where upstream gives none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>End of the latest run by upstream's clock, UTC; null while it has not ended, and where upstream gives none.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Until when the result is valid, UTC; only a pre-check has one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Run time of the latest run; of a running or paused one up to the observation. Null where it is unknown.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>
    /// From the time it could have started to its first known start, or to the observation while it is next up or queued.
    /// </summary>
    public double? WaitSeconds { get; init; }

    /// <summary>
    /// Its part of the workflow's <see cref="WorkflowSummary.Time"/>, in seconds: where several ran at once, the time is the first one's.
    /// Null where it has none.
    /// </summary>
    public TimeSplit? Time { get; init; }

    /// <summary>
    /// While it runs, upstream's own word of its progress, as it came, at most 128 characters: its scale is not documented. Null where
    /// upstream gives none, or was not asked.
    /// </summary>
    public string? Progress { get; init; }

    /// <summary>The first read, UTC, that showed <see cref="Progress"/>.</summary>
    public DateTimeOffset? ProgressSince { get; init; }

    /// <summary>The last read, UTC, that showed <see cref="Progress"/>.</summary>
    public DateTimeOffset? ProgressAt { get; init; }

    /// <summary>
    /// Items that have failed already while the pre-check runs, the worst first, at most 10, each with what upstream documents of it; null
    /// where none has.
    /// </summary>
    public IReadOnlyList<FailureDetail>? FailedItems { get; init; }

    /// <summary>How many runs of it are known.</summary>
    public required int Attempts { get; init; }

    /// <summary>Every known run, the oldest first.</summary>
    public IReadOnlyList<TaskAttemptSummary> Runs { get; init; } = [];
}
