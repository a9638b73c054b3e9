namespace Autopilot.Core.Tracking.Discovery;

/// <summary>The outcome of a scan of a cluster.</summary>
/// <param name="After">The row to be written.</param>
/// <param name="Discovered">Workflows that are tracked now.</param>
/// <param name="Recorded">Workflows that had ended.</param>
/// <param name="Gone">Whether upstream has not known the cluster for so long that it is forgotten.</param>
internal sealed record ClusterScan(TrackedCluster After, int Discovered, int Recorded, bool Gone);
