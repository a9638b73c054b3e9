namespace Autopilot.Api.Health;

/// <summary>Something that is wrong. Health is read by anybody: a finding carries no id, no setting and nobody's error text.</summary>
/// <param name="Code">One of <c>ProblemCode</c>.</param>
/// <param name="Detail">What is wrong and what helps.</param>
/// <param name="Shards">The shards concerned, by their keys; null when it is all or none.</param>
/// <param name="Since">Since when, where that is known.</param>
/// <param name="Unreadable">How many stored rows cannot be read; null in other findings.</param>
internal sealed record Finding(string Code, string Detail, IReadOnlyList<string>? Shards = null, DateTimeOffset? Since = null, int? Unreadable = null);

/// <summary>A good answer.</summary>
/// <param name="Version">The version that runs, such as <c>1.0.0</c>.</param>
/// <param name="LastCompletedAt">End of the oldest of the shards' latest cycles: everything is at least this fresh. Null before the first.</param>
/// <param name="Findings">What should be mended although the app does its work, such as stored rows that cannot be read; null where there is nothing.</param>
internal sealed record HealthResponse(string Status, string Version, DateTimeOffset? LastCompletedAt, IReadOnlyList<Finding>? Findings = null);
