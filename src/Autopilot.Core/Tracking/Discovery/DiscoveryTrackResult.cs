namespace Autopilot.Core.Tracking.Discovery;

/// <param name="Status">What was met.</param>
/// <param name="Row">The row as it is now.</param>
public sealed record DiscoveryTrackResult<T>(DiscoveryTrackStatus Status, T Row);
