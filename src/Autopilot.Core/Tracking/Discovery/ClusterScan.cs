namespace Autopilot.Core.Tracking.Discovery;

/// <summary>What a look at a cluster came to.</summary>
/// <param name="After">The row as it shall be.</param>
/// <param name="Discovered">Workflows that are tracked now.</param>
/// <param name="Recorded">Workflows that had ended.</param>
/// <param name="Gone">Whether upstream has not known the cluster for so long that it is forgotten.</param>
internal sealed record ClusterScan(TrackedCluster After, int Discovered, int Recorded, bool Gone);
