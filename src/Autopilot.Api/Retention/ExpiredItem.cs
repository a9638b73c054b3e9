namespace Autopilot.Api.Retention;

/// <summary>One workflow of which something would go.</summary>
internal sealed record ExpiredItem(string WorkflowId, string Reason, DateTimeOffset? EndedAt, long States);
