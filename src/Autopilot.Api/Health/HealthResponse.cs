namespace Autopilot.Api.Health;

/// <summary>A good answer.</summary>
/// <param name="Status"><c>Live</c> or <c>Ready</c>.</param>
/// <param name="Version">The version that runs, such as <c>1.0.0</c>.</param>
/// <param name="LastCompletedAt">End of the oldest of the shards' latest cycles: everything is at least this fresh. Null before the
/// first.</param>
/// <param name="Findings">What should be mended although the app does its work, such as stored rows that cannot be read; null where
/// there is nothing.</param>
internal sealed record HealthResponse(
    string Status,
    string Version,
    DateTimeOffset? LastCompletedAt,
    IReadOnlyList<Finding>? Findings = null
);
