using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>What the summary said when it turned, within bounds: texts are one line of printable characters, details are few.</summary>
public sealed record NotificationFacts
{
    public string? ProjectId { get; init; }
    public string? ClusterId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }
    public required string Headline { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
    public WorkflowProgress? Progress { get; init; }
    public BlockingTask? BlockingTask { get; init; }
    public UpgradeEstimate? Estimate { get; init; }

    /// <summary>Most failure details that a notification carries.</summary>
    public const int MaxDetails = 5;

    internal static NotificationFacts Of(WorkflowSummary summary) =>
        new()
        {
            ProjectId = summary.ProjectId,
            ClusterId = summary.ClusterId,
            ClusterName = ForeignText.OneLine(summary.ClusterName, 128),
            FromVersion = ForeignText.OneLine(summary.FromVersion, 64),
            TargetVersion = ForeignText.OneLine(summary.TargetVersion, 64),
            Headline = ForeignText.OneLine(summary.Headline, 500) ?? "",
            CreatedAt = summary.CreatedAt,
            StartedAt = summary.StartedAt,
            EndedAt = summary.EndedAt,
            ObservedAt = summary.ObservedAt,
            Progress = summary.Progress,
            BlockingTask = summary.BlockingTask is { } blocking
                ? blocking with
                {
                    TaskId = ForeignText.OneLine(blocking.TaskId, 64),
                    Message = ForeignText.OneLine(blocking.Message, 1500) ?? "",
                    Remediation = ForeignText.OneLine(blocking.Remediation, 1000) ?? "",
                    Details = blocking.Details is { } details ? [.. details.Take(MaxDetails).Select(Short)] : null,
                }
                : null,
            Estimate = summary.Estimate,
        };

    private static FailureDetail Short(FailureDetail detail) =>
        new()
        {
            Name = ForeignText.OneLine(detail.Name, 100) ?? "",
            Kind = ForeignText.OneLine(detail.Kind, 64),
            Group = ForeignText.OneLine(detail.Group, 64),
            Level = ForeignText.OneLine(detail.Level, 64),
            Message = ForeignText.OneLine(detail.Message, 300),
            Nodes = detail.Nodes,
            ErrorCodes = [.. detail.ErrorCodes.Take(MaxDetails).Select(code => ForeignText.OneLine(code, 64) ?? "")],
        };
}
