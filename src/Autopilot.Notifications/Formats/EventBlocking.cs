using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

internal sealed record EventBlocking(UpgradeTaskType Type, BlockingReason? Reason);
