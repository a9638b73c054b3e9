namespace Autopilot.Api.Retention;

/// <summary>The last retention run.</summary>
internal sealed record LastRetentionRun(DateTimeOffset StartedAt, RetentionResponse Result);
