namespace Autopilot.Core.Workflows;

/// <summary>
/// Required tasks done, of all that are required and that the upgrade has not gone past; <paramref name="Percent"/> is rounded down.
/// </summary>
public sealed record WorkflowProgress(int Completed, int Total, int Percent);
