namespace Autopilot.Core.Workflows;

/// <summary>What a read that several callers share has found.</summary>
/// <param name="Workflow">The row; null when unknown.</param>
/// <param name="BegunAt">When the read began, as a timestamp of the clock: what was written before that is in it.</param>
public sealed record SharedRead(TrackedWorkflow? Workflow, long BegunAt);
