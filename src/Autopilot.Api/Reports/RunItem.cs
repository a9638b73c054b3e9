using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Reports;

/// <summary>One finished upgrade, or an active one. Durations are in seconds.</summary>
internal sealed record RunItem
{
    /// <summary>In place of an outcome, for an active upgrade.</summary>
    public const string Active = nameof(Active);

    /// <summary>Id of the upgrade workflow.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>Id of its cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Id of the project that the cluster belongs to.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The cluster's name; null where none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Version upgraded from; null where it is unknown.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to; null where it is unknown.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>
    /// <c>Succeeded</c>, <c>Cancelled</c>, <c>RolledBack</c>, <c>Gone</c> or <c>Unclear</c>; <c>Active</c> for an active upgrade.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>When the workflow was created upstream, UTC; null where it is unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen, UTC; null where there is none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null only for an active upgrade.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Seconds from creation to end; for an active upgrade, to the last observation.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>How long anything ran.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>How long nothing moved for a failure.</summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>Where the elapsed time went; null where that is unknown, and of a run that was recorded before it was kept.</summary>
    public TimeSplit? Time { get; init; }

    /// <summary>Runs of all tasks together.</summary>
    public int Attempts { get; init; }

    /// <summary>Those of them that failed.</summary>
    public int Failures { get; init; }

    /// <summary>Runs of the rollback.</summary>
    public int Rollbacks { get; init; }

    /// <summary>False when it had ended before it was first seen: earlier attempts are unknown then.</summary>
    public bool SeenLive { get; init; }

    /// <summary>
    /// True for an active upgrade: its figures are how long it has been so far, as of <see cref="ObservedAt"/>. Otherwise this and the next
    /// three are null.
    /// </summary>
    public bool? OpenEnded { get; init; }

    /// <summary>How an active upgrade stands.</summary>
    public Assessment? Assessment { get; init; }

    /// <summary>The last successful read of an active upgrade, UTC.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>Whether an active upgrade was last read more than three of its own poll intervals ago.</summary>
    public bool? Stale { get; init; }

    /// <summary>Every task that was ever shown.</summary>
    public required IReadOnlyList<FinishedTask> Tasks { get; init; }

    public static RunItem Of(FinishedUpgrade run) =>
        new()
        {
            WorkflowId = run.Target.WorkflowId,
            ClusterId = run.Target.ClusterId,
            ProjectId = run.Target.ProjectId,
            ClusterName = run.ClusterName,
            FromVersion = run.FromVersion,
            TargetVersion = run.TargetVersion,
            Outcome = run.Outcome.ToString(),
            CreatedAt = run.CreatedAt,
            StartedAt = run.StartedAt,
            EndedAt = run.EndedAt,
            ElapsedSeconds = run.ElapsedSeconds,
            ActiveSeconds = run.ActiveSeconds,
            WaitingSeconds = run.WaitingSeconds,
            BlockedSeconds = run.BlockedSeconds,
            Time = run.Time,
            Attempts = run.Attempts,
            Failures = run.Failures,
            Rollbacks = run.Rollbacks,
            SeenLive = run.SeenLive,
            Tasks = run.Tasks,
        };

    public static RunItem Of(ActiveUpgrade run) =>
        new()
        {
            WorkflowId = run.WorkflowId,
            ClusterId = run.ClusterId,
            ProjectId = run.ProjectId,
            ClusterName = run.ClusterName,
            FromVersion = run.FromVersion,
            TargetVersion = run.TargetVersion,
            Outcome = Active,
            CreatedAt = run.CreatedAt,
            StartedAt = run.StartedAt,
            ElapsedSeconds = run.ElapsedSeconds,
            ActiveSeconds = run.ActiveSeconds,
            WaitingSeconds = run.WaitingSeconds,
            BlockedSeconds = run.BlockedSeconds,
            Time = run.Time,
            Attempts = run.Attempts,
            Failures = run.Tasks.Sum(task => task.Failures),
            Rollbacks = run.Tasks.Where(task => task.Type == UpgradeTaskType.Rollback).Sum(task => task.Attempts),
            SeenLive = true,
            OpenEnded = run.OpenEnded,
            Assessment = run.Assessment,
            ObservedAt = run.ObservedAt,
            Stale = run.Stale,
            Tasks = run.Tasks,
        };
}
