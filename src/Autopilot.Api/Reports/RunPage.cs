using Autopilot.Core.Reporting;

namespace Autopilot.Api.Reports;

/// <summary>A page of runs, newest first; no link on the last one.</summary>
internal sealed record RunPage(IReadOnlyList<RunItem> Value, string? NextLink);

/// <summary>One finished run. Durations are seconds.</summary>
internal sealed record RunItem
{
    public required string WorkflowId { get; init; }
    public required string ClusterId { get; init; }
    public required string ProjectId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }

    /// <summary><c>Succeeded</c>, <c>Cancelled</c>, <c>RolledBack</c> or <c>Gone</c>.</summary>
    public required string Outcome { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Creation to end.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>How long anything ran.</summary>
    public double? ActiveSeconds { get; init; }

    /// <summary>Elapsed less active.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>How long nothing moved for a failure.</summary>
    public double? BlockedSeconds { get; init; }

    /// <summary>Runs of all tasks together.</summary>
    public int Attempts { get; init; }

    /// <summary>Those of them that failed.</summary>
    public int Failures { get; init; }

    /// <summary>Runs of the rollback.</summary>
    public int Rollbacks { get; init; }

    /// <summary>False when it had ended before it was first seen: earlier attempts are unknown then.</summary>
    public bool SeenLive { get; init; }

    public required IReadOnlyList<FinishedTask> Tasks { get; init; }

    public static RunItem Of(FinishedRun run) => new()
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
        Attempts = run.Attempts,
        Failures = run.Failures,
        Rollbacks = run.Rollbacks,
        SeenLive = run.SeenLive,
        Tasks = run.Tasks,
    };
}
