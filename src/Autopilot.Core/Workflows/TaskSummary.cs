namespace Autopilot.Core.Workflows;

/// <summary>One task with its durations, waits and every attempt.</summary>
public sealed record TaskSummary
{
    public required UpgradeTaskType Type { get; init; }
    public string? TaskId { get; init; }
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Whether it lies on the required path (on some dependency line).</summary>
    public required bool Required { get; init; }

    /// <summary>
    /// True where the upgrade has gone past it: it failed or never started, and what depends on it has started. Left out otherwise.
    /// </summary>
    public bool? PassedOver { get; init; }

    /// <summary>True where the latest state does not show the task, so that the last known one stands; left out otherwise.</summary>
    public bool? Missing { get; init; }

    public IReadOnlyList<UpgradeTaskType> DependsOn { get; init; } = [];
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Run time of the latest run.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>From the time it could have started to its first known start, or to now while it is next up.</summary>
    public double? WaitSeconds { get; init; }

    /// <summary>
    /// Its part of the workflow's <see cref="WorkflowSummary.Time"/>, in seconds: where several ran at once, the time is the first one's.
    /// Null where it has none.
    /// </summary>
    public TimeSplit? Time { get; init; }

    public required int Attempts { get; init; }
    public IReadOnlyList<TaskAttemptSummary> Runs { get; init; } = [];
}
