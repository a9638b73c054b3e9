using Autopilot.Core.Retention;

namespace Autopilot.Server.Scheduling;

/// <summary>Makes one retention pass.</summary>
internal delegate Task<RetentionResult> RunRetention(CancellationToken cancellationToken);
