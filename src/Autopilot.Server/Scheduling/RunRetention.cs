using Autopilot.Core.Retention;
using Autopilot.Core.Tracking;
using Microsoft.Extensions.Options;

namespace Autopilot.Server.Scheduling;

/// <summary>Makes one retention pass.</summary>
internal delegate Task<RetentionResult> RunRetention(CancellationToken cancellationToken);
