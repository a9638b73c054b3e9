using Autopilot.Core.Paging;
using Autopilot.Core.Rows;

namespace Autopilot.Core.Tracking.Discovery;

/// <summary>
/// Stores what discovery knows: clusters, projects and the workflows that were found. Every method throws
/// <see cref="StorageUnavailableException"/> when the store cannot be reached, and no other storage exception. The rows of a shard come
/// with <see cref="IShardReader.ReadShardAsync"/>, at no cost of their own.
/// </summary>
public interface IClusterStore
{
    /// <summary>Begins discovery of a cluster, due at once.</summary>
    /// <param name="requested">The row to be created. Of a row that is tracked already only project, name and origin change, and only at a
    /// person's request.</param>
    /// <param name="onlyIfUnknown">For settings and projects: leaves what a person deleted, or asked for, alone. A project's name of it is
    /// taken over.</param>
    Task<DiscoveryTrackResult<TrackedCluster>> TrackClusterAsync(
        TrackedCluster requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    );

    /// <summary>One point read. Null when unknown or deleted.</summary>
    Task<TrackedCluster?> FindClusterAsync(string clusterId, CancellationToken cancellationToken);

    /// <summary>Ends discovery of a cluster; its workflows stay as they are. False when unknown or deleted already.</summary>
    Task<bool> UntrackClusterAsync(string clusterId, CancellationToken cancellationToken);

    /// <summary>A page of clusters in the order of <see cref="Listing.DiscoveryOrder"/>: full, or the last one.</summary>
    /// <exception cref="InvalidContinuationTokenException">The token was not made by this store.</exception>
    Task<Page<TrackedCluster>> ListClustersAsync(
        string? projectId,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    );

    /// <summary>Begins discovery of a project's clusters, due at once.</summary>
    /// <param name="onlyIfUnknown">For settings: leaves what a person deleted alone.</param>
    Task<DiscoveryTrackResult<TrackedProject>> TrackProjectAsync(
        TrackedProject requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    );

    /// <inheritdoc cref="FindClusterAsync"/>
    Task<TrackedProject?> FindProjectAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Ends discovery of a project's clusters, and of the clusters that came by it alone. False when there was nothing to end; a repeated
    /// call continues an interrupted one.
    /// </summary>
    Task<bool> UntrackProjectAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>A page of projects in the order of <see cref="Listing.DiscoveryOrder"/>: full, or the last one.</summary>
    /// <exception cref="InvalidContinuationTokenException">The token was not made by this store.</exception>
    Task<Page<TrackedProject>> ListProjectsAsync(int pageSize, string? continuationToken, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the results of a shard's scans: one transaction of up to 100 rows, each conditional on its version. A row that changed
    /// meanwhile is left as it is: only one scan is lost, which the next one repeats.
    /// </summary>
    Task WriteAsync(
        Shard shard,
        IReadOnlyList<TrackedCluster> clusters,
        IReadOnlyList<TrackedProject> projects,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes a cluster that came by a project and is gone, so that the project can bring it back.</summary>
    Task ForgetClusterAsync(TrackedCluster cluster, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a workflow that had ended when it was found, with the one state that was seen. It does so in one transaction, and only if the
    /// workflow is not stored yet.
    /// </summary>
    /// <param name="found">Ended, sequence 1. It stands among the active ones until it is moved by
    /// <see cref="IObservationStore.FinishAsync"/>, at the latest by the next cycle.</param>
    /// <returns>The row with its version; null when it is known, or does not fit into the table.</returns>
    Task<Workflows.TrackedWorkflow?> RecordAsync(WorkflowWrite found, CancellationToken cancellationToken);
}
