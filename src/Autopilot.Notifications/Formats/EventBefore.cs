using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

/// <summary>Where the workflow stood when this webhook was last told.</summary>
internal sealed record EventBefore(Assessment? Assessment, WorkflowPhase? Phase, EventBlocking? BlockingTask);
