namespace Autopilot.Core.Workflows;

/// <summary>
/// One attempt of a task as the history knows it. Identity is (type, task id, start): a changed id, or the same id with a later start, is a
/// new run; a start that appears for the first time is not. Upstream overwrites earlier runs, so this is their only record.
/// </summary>
public sealed record TaskRun
{
    /// <summary>The task that was run.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the run, when it gave one.</summary>
    public string? TaskId { get; init; }

    /// <summary>The last status that was seen.</summary>
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Start by upstream's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>End by upstream's clock; of a run that was superseded before its end was seen, null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the result expires; only a pre-check's does.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>First observation (our clock) that showed this run in its present <see cref="Status"/>.</summary>
    public required DateTimeOffset StatusSince { get; init; }

    /// <summary>Last observation (our clock) that showed this run as the task's latest.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Whether a later run of the same task, or the task's vanishing, has superseded this one.</summary>
    public bool Superseded { get; init; }
}
