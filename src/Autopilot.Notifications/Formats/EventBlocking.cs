using Autopilot.Core.Workflows;

namespace Autopilot.Notifications.Formats;

internal sealed record EventBlocking(UpgradeTaskType Type, BlockingReason? Reason);
