using Autopilot.Core.Retention;

namespace Autopilot.Server.Scheduling;

/// <summary>Starts one retention run.</summary>
internal delegate Task<RetentionResult> RunRetention(CancellationToken cancellationToken);
