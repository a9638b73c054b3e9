namespace Autopilot.Api.Health;

/// <summary>One reason not to be ready. Health is read by anybody: a finding carries no id, no setting and nobody's error text.</summary>
/// <param name="Code">One of <c>ProblemCode</c>.</param>
/// <param name="Detail">What is wrong and what helps.</param>
/// <param name="Shards">The shards concerned, by their keys; null when it is all or none.</param>
/// <param name="Since">Since when, where that is known.</param>
internal sealed record Finding(string Code, string Detail, IReadOnlyList<string>? Shards = null, DateTimeOffset? Since = null);

/// <summary>A good answer.</summary>
/// <param name="LastCompletedAt">End of the oldest of the shards' latest cycles: everything is at least this fresh. Null before the first.</param>
internal sealed record HealthAnswer(string Status, DateTimeOffset? LastCompletedAt);
