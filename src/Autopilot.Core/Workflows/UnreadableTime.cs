namespace Autopilot.Core.Workflows;

/// <summary>A time that upstream gave in an unknown form.</summary>
/// <param name="Task">The task it belongs to, or null for the workflow's own.</param>
/// <param name="Field">Upstream's name of the field, such as <c>startTimeStamp</c>.</param>
/// <param name="Text">The text as it came, cut to 64 characters.</param>
public sealed record UnreadableTime(UpgradeTaskType? Task, string Field, string Text);
