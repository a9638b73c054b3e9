namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// One poll: when, and the document that upstream answered; none where upstream answered that it does not know the workflow.
/// </summary>
internal sealed record Sighting(DateTimeOffset At, string? Document);
