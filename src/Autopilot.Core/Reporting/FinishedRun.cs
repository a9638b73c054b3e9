using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>A finished workflow as reports see it: written once, never changed. Durations are seconds.</summary>
public sealed record FinishedRun
{
    public required WorkflowTarget Target { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }
    public required WorkflowOutcome Outcome { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public double? ElapsedSeconds { get; init; }
    public double? ActiveSeconds { get; init; }
    public double? WaitingSeconds { get; init; }

    /// <summary>Runs of all tasks together.</summary>
    public int Attempts { get; init; }

    public IReadOnlyList<FinishedTask> Tasks { get; init; } = [];

    /// <summary>The run of a finished workflow. Needs <see cref="TrackedWorkflow.Outcome"/> and <see cref="TrackedWorkflow.EndedAt"/> set.</summary>
    public static FinishedRun Of(TrackedWorkflow finished) => throw new NotImplementedException();
}

/// <summary>One task of a finished workflow.</summary>
/// <param name="RunSeconds">Of the last attempt.</param>
/// <param name="AllRunSeconds">Of all attempts together.</param>
public sealed record FinishedTask(UpgradeTaskType Type, UpgradeTaskStatus Status, double? RunSeconds, double? AllRunSeconds, double? WaitSeconds, int Attempts, int Failures);
