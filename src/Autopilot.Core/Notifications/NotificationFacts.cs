using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Notifications;

/// <summary>What the summary said when it turned, within bounds: texts are one line of printable characters, details are few.</summary>
public sealed record NotificationFacts
{
    /// <summary>Id of the project that the cluster belongs to; null where it is unknown.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Id of its cluster; null where it is unknown.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The cluster's name; null while none is known.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Version upgraded from; null where it is unknown.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version upgraded to; null where it is unknown.</summary>
    public string? TargetVersion { get; init; }

    /// <summary>The summary's sentence.</summary>
    public required string Headline { get; init; }

    /// <summary>When the workflow was created upstream, UTC; null where it is unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Start of the first run that was seen, UTC; null while there is none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it is active.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The read that showed the transition, UTC; null before the first.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>How many of the required tasks are done; null before the first read.</summary>
    public WorkflowProgress? Progress { get; init; }

    /// <summary>What the workflow cannot move past; null where nothing blocks.</summary>
    public BlockingTask? BlockingTask { get; init; }

    /// <summary>What may be done; null in rows of older versions.</summary>
    public IReadOnlyList<WorkflowAction>? Actions { get; init; }

    /// <summary>How long the rest should take; null where there is no estimate.</summary>
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
                    // The linked summary has it: a message stays short.
                    Precedents = null,
                    Details = blocking.Details is { } details ? [.. details.Take(MaxDetails).Select(Short)] : null,
                }
                : null,
            Actions = summary.Actions,
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
