using System.Globalization;
using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Notifications;

/// <summary>One turn of a workflow, with everything that a message about it says: whoever delivers it reads nothing else.</summary>
public sealed record Notification
{
    public required string WorkflowId { get; init; }

    /// <summary>Counts the workflow's turns, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the turn was observed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was told, or known, before.</summary>
    public required NotificationState From { get; init; }

    public required NotificationState To { get; init; }

    /// <summary>Whether the workflow has ended: nothing can turn any more, so that there is nothing to wait for.</summary>
    public bool Final { get; init; }

    /// <summary>The last read of the workflow before this transition, which showed <see cref="From"/>; null in rows of older versions.</summary>
    public DateTimeOffset? ReadBefore { get; init; }

    /// <summary>Whether the workflow keeps changing: <see cref="To"/> did not last, as those before it.</summary>
    public bool Unsettled { get; init; }

    /// <summary>Whether a person asked for it to try the webhooks.</summary>
    public bool Sample { get; init; }

    public required NotificationFacts Facts { get; init; }

    /// <summary>The same whenever this turn is told, and of no other turn: after a purge sequences begin anew, moments do not.</summary>
    [JsonIgnore]
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{WorkflowId}.{Sequence}.{At.ToUnixTimeSeconds()}");

    /// <summary>What turned.</summary>
    [JsonIgnore]
    public Transitions Turned => To.TurnedFrom(From);
}

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

    internal static NotificationFacts Of(WorkflowSummary summary) => new()
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

    private static FailureDetail Short(FailureDetail detail) => new()
    {
        Name = ForeignText.OneLine(detail.Name, 100) ?? "",
        Kind = ForeignText.OneLine(detail.Kind, 64),
        Group = ForeignText.OneLine(detail.Group, 64),
        Level = ForeignText.OneLine(detail.Level, 64),
        Message = ForeignText.OneLine(detail.Message, 300),
        ErrorCodes = [.. detail.ErrorCodes.Take(MaxDetails).Select(code => ForeignText.OneLine(code, 64) ?? "")],
    };
}
