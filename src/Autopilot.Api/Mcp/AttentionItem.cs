using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>An upgrade that does not go on without a person, and what that person does.</summary>
/// <param name="Reason">Why its task does not go on; null where no task holds it up.</param>
/// <param name="Since">Since when.</param>
/// <param name="SinceObserved">True where only an observation gives <paramref name="Since"/>; left out otherwise.</param>
/// <param name="BlockedSeconds">For how long, in seconds.</param>
/// <param name="Remediation">What to do; null where nothing is known that helps.</param>
internal sealed record AttentionItem(
    string Id,
    string? ClusterId,
    string? ClusterName,
    string? ProjectId,
    Assessment Assessment,
    string Headline,
    BlockingReason? Reason,
    DateTimeOffset? Since,
    bool? SinceObserved,
    double? BlockedSeconds,
    string? Remediation,
    DateTimeOffset? ObservedAt,
    bool Stale
)
{
    public static AttentionItem Of(WorkflowSummary summary)
    {
        // Without a blocking task the gravest finding says what to do.
        var insight = summary.Insights.Where(one => one.Remediation is not null).OrderByDescending(one => one.Level).FirstOrDefault();
        return new(
            summary.Id,
            summary.ClusterId,
            summary.ClusterName,
            summary.ProjectId,
            summary.Assessment,
            summary.Headline,
            summary.BlockingTask?.Reason,
            summary.BlockingTask is { } task ? task.Since : insight?.Since,
            summary.BlockingTask?.SinceObserved,
            summary.BlockingTask?.BlockedSeconds,
            summary.BlockingTask?.Remediation ?? insight?.Remediation,
            summary.ObservedAt,
            summary.Stale
        );
    }
}
