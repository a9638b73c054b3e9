namespace Autopilot.Core.Workflows;

/// <summary>One difference between two neighbouring states.</summary>
/// <param name="Task">The task it concerns, or null for the workflow itself.</param>
/// <param name="What">What changed: <c>phase</c>, <c>status</c>, <c>taskId</c>, <c>startedAt</c>, <c>endedAt</c>, <c>expiresAt</c>,
/// <c>targetVersion</c>, <c>fromVersion</c>, <c>dependencies</c>, <c>task</c> or <c>other</c>. A <c>task</c> appeared or vanished. With
/// <c>other</c> no name fits, or there are too many to name: then <paramref name="To"/> says how many.</param>
/// <param name="From">Value before; null where there was none.</param>
/// <param name="To">Value after; null where it disappeared.</param>
public sealed record StateChange(UpgradeTaskType? Task, string What, string? From, string? To);
