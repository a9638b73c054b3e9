namespace Autopilot.Api.Retention;

/// <summary>The last pass that was made.</summary>
internal sealed record LastRetentionRun(DateTimeOffset StartedAt, RetentionResponse Result);
