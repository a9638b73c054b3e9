using Autopilot.Core.Paging;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Tracking.Discovery;

/// <summary>
/// Discovery's store in memory, beside the workflows of a <see cref="MemoryStore"/>. The real store's own rules are tested on the real
/// tables.
/// </summary>
internal sealed class MemoryFleet(MemoryStore workflows) : IClusterStore
{
    private readonly Lock _lock = new();

    public Dictionary<string, TrackedCluster> Clusters { get; } = [];

    public Dictionary<string, TrackedProject> Projects { get; } = [];

    /// <summary>How many rows each write call held.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>What every write meets.</summary>
    public Exception? Failure { get; set; }

    public Task<DiscoveryTrackResult<TrackedCluster>> TrackClusterAsync(
        TrackedCluster requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            if (!Clusters.TryGetValue(requested.ClusterId, out var known))
            {
                return Task.FromResult(
                    new DiscoveryTrackResult<TrackedCluster>(DiscoveryTrackStatus.Created, Clusters[requested.ClusterId] = requested)
                );
            }

            if (known.Tracked && requested.Name is not null)
            {
                Clusters[requested.ClusterId] = known with { Name = requested.Name };
            }

            return Task.FromResult(
                new DiscoveryTrackResult<TrackedCluster>(
                    known.Tracked ? DiscoveryTrackStatus.AlreadyTracked : DiscoveryTrackStatus.LeftUntracked,
                    known
                )
            );
        }
    }

    public Task<DiscoveryTrackResult<TrackedProject>> TrackProjectAsync(
        TrackedProject requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            Projects.TryAdd(requested.ProjectId, requested)
                ? new DiscoveryTrackResult<TrackedProject>(DiscoveryTrackStatus.Created, requested)
                : new DiscoveryTrackResult<TrackedProject>(DiscoveryTrackStatus.AlreadyTracked, Projects[requested.ProjectId])
        );

    public Task WriteAsync(
        Shard shard,
        IReadOnlyList<TrackedCluster> clusters,
        IReadOnlyList<TrackedProject> projects,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            Writes.Add(clusters.Count + projects.Count);
            if (Failure is not null)
            {
                throw Failure;
            }

            foreach (var cluster in clusters)
            {
                Clusters[cluster.ClusterId] =
                    Shard.Of(cluster.ClusterId) == shard ? cluster : throw new InvalidOperationException("Another shard's row.");
            }

            foreach (var project in projects)
            {
                Projects[project.ProjectId] = project;
            }
        }

        return Task.CompletedTask;
    }

    public Task ForgetClusterAsync(TrackedCluster cluster, CancellationToken cancellationToken)
    {
        Clusters.Remove(cluster.ClusterId);
        if (Projects.TryGetValue(cluster.ProjectId, out var project))
        {
            Projects[cluster.ProjectId] = project with { Clusters = [.. project.Clusters.Where(listed => listed.Id != cluster.ClusterId)] };
        }

        return Task.CompletedTask;
    }

    public async Task<TrackedWorkflow?> RecordAsync(WorkflowWrite found, CancellationToken cancellationToken)
    {
        var id = found.After.Target.WorkflowId;
        if (await workflows.FindAsync(id, cancellationToken) is not null)
        {
            return null;
        }

        workflows.Append(id, found.Appended!);
        return workflows.Put(found.After);
    }

    public Task<TrackedCluster?> FindClusterAsync(string clusterId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> UntrackClusterAsync(string clusterId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<TrackedCluster>> ListClustersAsync(
        string? projectId,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<TrackedProject?> FindProjectAsync(string projectId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> UntrackProjectAsync(string projectId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<TrackedProject>> ListProjectsAsync(int pageSize, string? continuationToken, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
