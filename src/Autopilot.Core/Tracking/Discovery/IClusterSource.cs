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

/// <summary>A cluster as upstream shows it.</summary>
/// <param name="Id">In the form that <see cref="Workflows.ResourceId"/> gives.</param>
/// <param name="Name">The name that people gave it, at most <see cref="ClusterDocument.MaxName"/> characters without control characters; null when upstream tells none.</param>
public sealed record ListedCluster(string Id, string? Name);
