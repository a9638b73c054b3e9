namespace Autopilot.Core.Upstream;

/// <summary>How upstream has answered lately.</summary>
/// <param name="RefusedSince">Since when it refuses our credentials or our endpoint; null when it does not.</param>
/// <param name="RefusalMessage">Why, as a text without a secret.</param>
/// <param name="Throttle">The window that the gateway named, while the client keeps to it.</param>
public sealed record UpstreamStatus(DateTimeOffset? RefusedSince, string? RefusalMessage, ThrottleWindow? Throttle);
