using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Notifications;

/// <summary>How a webhook took the sample.</summary>
public sealed record TestedWebhook(Webhook Webhook, SendResult Result);
