namespace Autopilot.Core.Workflows;

/// <summary>
/// Required tasks done, of all that are required and that the upgrade has not gone past; <paramref name="Percent"/> is rounded down.
/// </summary>
/// <param name="Completed">Required tasks that are done.</param>
/// <param name="Total">Required tasks, but those that the upgrade has gone past.</param>
/// <param name="Percent"><paramref name="Completed"/> of <paramref name="Total"/>, 0 to 100, rounded down.</param>
public sealed record WorkflowProgress(int Completed, int Total, int Percent);
