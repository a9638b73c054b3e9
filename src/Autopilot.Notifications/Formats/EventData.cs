using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Notifications.Formats;

/// <summary>What has happened, in the terms of the summary.</summary>
internal sealed record EventData
{
    public required string WorkflowId { get; init; }
    public string? ProjectId { get; init; }
    public string? ClusterId { get; init; }
    public string? ClusterName { get; init; }
    public string? FromVersion { get; init; }
    public string? TargetVersion { get; init; }
    public WorkflowPhase? Phase { get; init; }
    public Assessment? Assessment { get; init; }
    public required string Headline { get; init; }

    /// <summary><c>Assessment</c>, <c>Phase</c>, <c>BlockingTask</c>: what is not as it was before.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    public required EventBefore Before { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
    public WorkflowProgress? Progress { get; init; }
    public BlockingTask? BlockingTask { get; init; }

    /// <summary>What may be done, as of <see cref="ObservedAt"/>.</summary>
    public IReadOnlyList<WorkflowAction>? Actions { get; init; }

    public UpgradeEstimate? Estimate { get; init; }

    /// <summary>Where to read more; left out where no address is known.</summary>
    public EventLinks? Links { get; init; }

    /// <summary>True where the workflow keeps changing, and this state, like those before it, did not last; left out otherwise.</summary>
    public bool? Unsettled { get; init; }

    public bool? Sample { get; init; }
}
