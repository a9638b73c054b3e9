using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>One upgrade in short: parts of its summary, so that a list fits an agent's context.</summary>
internal sealed record UpgradeLine(
    string Id,
    string? ClusterId,
    string? ClusterName,
    string? FromVersion,
    string? TargetVersion,
    WorkflowPhase? Phase,
    Assessment Assessment,
    string Headline,
    int? Percent,
    double? BlockedSeconds,
    DateTimeOffset? ObservedAt,
    bool Stale,
    bool? Tracked
)
{
    public static UpgradeLine Of(WorkflowSummary summary) =>
        new(
            summary.Id,
            summary.ClusterId,
            summary.ClusterName,
            summary.FromVersion,
            summary.TargetVersion,
            summary.Phase,
            summary.Assessment,
            summary.Headline,
            summary.Progress?.Percent,
            summary.BlockingTask?.BlockedSeconds,
            summary.ObservedAt,
            summary.Stale,
            summary.Tracked ? null : false
        );
}
