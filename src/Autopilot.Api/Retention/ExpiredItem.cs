namespace Autopilot.Api.Retention;

/// <summary>One workflow whose row or states a retention run would delete.</summary>
internal sealed record ExpiredItem(string WorkflowId, string Reason, DateTimeOffset? EndedAt, long States);
