using System.Text.Json.Serialization;

namespace Autopilot.Core.Workflows;

/// <summary>
/// One attempt of a task as the history knows it. Identity is (type, task id, start). A changed id, or the same id with a later start, is a
/// new run. A start that appears for the first time is not. Upstream overwrites earlier runs, so this is their only record.
/// </summary>
public sealed record TaskAttempt
{
    /// <summary>The task that was run.</summary>
    public required UpgradeTaskType Type { get; init; }

    /// <summary>Upstream's id of the run, when it gave one.</summary>
    public string? TaskId { get; init; }

    /// <summary>The last status that was seen.</summary>
    public required UpgradeTaskStatus Status { get; init; }

    /// <summary>Start by upstream's clock.</summary>
    public DateTimeOffset? StartedAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }

    /// <summary>End by upstream's clock; null for an attempt that a later one replaced before its end was seen.</summary>
    public DateTimeOffset? EndedAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }

    /// <summary>When the result expires; only a pre-check's does.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get;
        init => field = Clocks.Plausible(value);
    }

    /// <summary>First observation (our clock) that showed this run; null in rows written before it was kept.</summary>
    public DateTimeOffset? FirstSeenAt { get; init; }

    /// <summary>Whether any observation showed it running or paused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SeenRunning { get; init; }

    /// <summary>First observation (our clock) that showed this run in its present <see cref="Status"/>.</summary>
    public required DateTimeOffset StatusSince { get; init; }

    /// <summary>
    /// When it was seen queued, paused or in a status that we don't know, oldest first. Null where it never was, and in rows written before
    /// it was kept.
    /// </summary>
    public IReadOnlyList<StatusSpan>? Spans { get; init; }

    /// <summary>Last observation (our clock) that showed this run as the task's latest.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Whether a later attempt of the same task has replaced this one.</summary>
    public bool Superseded { get; init; }

    /// <summary>Whether the latest state does not show the task; the run then stands as it was last seen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Missing { get; init; }

    /// <summary>Where the run stands among others: its start, without that its end, without that its first observation.</summary>
    internal DateTimeOffset Instant => StartedAt ?? (Status.HasEnded() ? EndedAt : null) ?? FirstSeenAt ?? StatusSince;

    /// <summary>Whether it has started: queued is not started.</summary>
    internal bool HasStarted => StartedAt is not null || Status.HasStarted();

    /// <summary>The run as the point that showed it.</summary>
    internal UpgradeTask Point =>
        new()
        {
            Type = Type,
            TaskId = TaskId,
            Status = Status,
            StartedAt = StartedAt,
            EndedAt = EndedAt,
            ExpiresAt = ExpiresAt,
        };
}
