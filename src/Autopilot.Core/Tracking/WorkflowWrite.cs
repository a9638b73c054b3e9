using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>One workflow's part of a cycle's writes.</summary>
/// <param name="Before">The row as it was read; its <see cref="TrackedWorkflow.ETag"/> is the condition.</param>
/// <param name="After">The row after the write.</param>
/// <param name="Appended">The state to append; null when the state is unchanged and only poll times and failures are merged.</param>
public sealed record WorkflowWrite(TrackedWorkflow Before, TrackedWorkflow After, HistoryState? Appended)
{
    /// <summary>The notification: stored in the same transaction, delivered later. Null when there is none.</summary>
    public Notifications.Notification? Notification { get; init; }
}
