namespace Autopilot.Core.Workflows;

/// <summary>Normal durations of one kind of task, for one minor version or for all.</summary>
/// <param name="Type">The kind of task.</param>
/// <param name="Minor">The minor version that was upgraded to, such as <c>v1.28</c>; null for all versions together.</param>
/// <param name="Times">How long its runs took.</param>
public sealed record BaselineEntry(UpgradeTaskType Type, string? Minor, AttemptDurations Times);
