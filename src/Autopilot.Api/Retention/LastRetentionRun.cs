namespace Autopilot.Api.Retention;

/// <summary>The last retention run.</summary>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="Result">What it deleted.</param>
internal sealed record LastRetentionRun(DateTimeOffset StartedAt, RetentionResponse Result);
