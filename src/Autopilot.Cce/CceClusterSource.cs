using Autopilot.Cce.Settings;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce;

/// <summary>
/// Reads clusters from the CCE (Autopilot) API: one needs the permission to read it, the list needs <c>cce:cluster:list</c>.
/// </summary>
internal sealed class CceClusterSource(CceClient client, IOptions<CceOptions> options) : IClusterSource
{
    public Task<ListedCluster> ShowClusterAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        client.GetAsync(
            CceRequest.ShowCluster(projectId, clusterId, options.Value),
            body => ClusterDocument.Read(body, clusterId),
            cancellationToken
        );

    public Task<IReadOnlyList<ListedCluster>> ListClustersAsync(string projectId, CancellationToken cancellationToken) =>
        client.GetAsync(CceRequest.ListClusters(projectId, options.Value), ClusterDocument.ReadList, cancellationToken);
}
