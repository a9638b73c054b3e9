using Autopilot.Core.Reporting;

namespace Autopilot.Api.Reports;

/// <summary>A page of runs, newest first; no link on the last one.</summary>
internal sealed record RunPage(IReadOnlyList<RunItem> Value, string? NextLink);

/// <summary>One run on the wire.</summary>
internal sealed record RunItem
{
    public required string WorkflowId { get; init; }
    public required string ClusterId { get; init; }
    public required string ProjectId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }
    public required string Outcome { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public double? ElapsedSeconds { get; init; }
    public double? ActiveSeconds { get; init; }
    public double? WaitingSeconds { get; init; }
    public double? BlockedSeconds { get; init; }
    public int Attempts { get; init; }
    public int Failures { get; init; }
    public int Rollbacks { get; init; }
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
