namespace Autopilot.Core.Retention;

/// <summary>The record of one retention run.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Result">What it did.</param>
public sealed record RetentionRecord(DateTimeOffset StartedAt, RetentionResult Result);
