using Autopilot.Core.Upstream;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>Where clusters are read: upstream's API, or something that speaks like it.</summary>
public interface IClusterSource
{
    /// <summary>Reads one cluster now.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ReadAsync"/>.</exception>
    Task<ListedCluster> ShowClusterAsync(string projectId, string clusterId, CancellationToken cancellationToken);

    /// <summary>Reads every cluster of a project, in no promised order.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ReadAsync"/>.</exception>
    Task<IReadOnlyList<ListedCluster>> ListClustersAsync(string projectId, CancellationToken cancellationToken);
}
