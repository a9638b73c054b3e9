using Autopilot.Core.Workflows;

namespace Autopilot.Notifications.Formats;

/// <summary>Where the workflow stood when this webhook was last told.</summary>
internal sealed record EventBefore(Assessment? Assessment, WorkflowPhase? Phase, EventBlocking? BlockingTask);
