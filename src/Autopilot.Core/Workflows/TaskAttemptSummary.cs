namespace Autopilot.Core.Workflows;

/// <summary>One attempt.</summary>
public sealed record TaskAttemptSummary
{
    public string? TaskId { get; init; }
    public required UpgradeTaskStatus Status { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public double? DurationSeconds { get; init; }

    /// <summary>False where the end was never seen and the last observation stands in for it; null otherwise.</summary>
    public bool? EndObserved { get; init; }

    /// <summary>Upstream's own details of this attempt's failure; null when it has given none.</summary>
    public IReadOnlyList<FailureDetail>? Details { get; init; }
}
