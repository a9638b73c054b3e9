namespace Autopilot.Core.Workflows;

/// <summary>The latest upgrade that failed in the same way.</summary>
/// <param name="WorkflowId">The upgrade.</param>
/// <param name="BlockedSeconds">How long failures blocked it, all together; null where that is unknown.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record LastPrecedent(string WorkflowId, double? BlockedSeconds, DateTimeOffset EndedAt);
