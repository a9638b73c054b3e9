using Autopilot.Core.Workflows;

namespace Autopilot.Notifications.Formats;

/// <summary>The workflow's state at this webhook's last notification.</summary>
internal sealed record EventBefore(Assessment? Assessment, WorkflowPhase? Phase, EventBlocking? BlockingTask);
