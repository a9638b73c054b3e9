namespace Autopilot.Api.Retention;

/// <summary>One workflow whose row or states a retention run would delete.</summary>
/// <param name="WorkflowId">Id of the workflow.</param>
/// <param name="Reason"><c>Ended</c>, <c>Untracked</c>, <c>NamedInSettings</c>, <c>TooManyStates</c> or
/// <c>PurgeInterrupted</c>.</param>
/// <param name="EndedAt">When it ended, UTC; null where it has not.</param>
/// <param name="States">How many of its states would go.</param>
internal sealed record ExpiredItem(string WorkflowId, string Reason, DateTimeOffset? EndedAt, long States);
