using Autopilot.Core.Listing;
using Autopilot.Core.Paging;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests;

/// <summary>A store that fails every call in one way, or is empty. It counts the reads of shard statuses.</summary>
internal sealed class StoreDouble(Exception? failure = null)
    : IWorkflowReader,
        ITrackingStore,
        IHistoryStore,
        IShardReader,
        IObservationStore,
        IShardStatusStore,
        IClusterNameStore,
        IClusterStore
{
    private int _boardReads;
    private int _reads;

    /// <summary>What every call meets.</summary>
    public Exception? Failure => failure;

    public int BoardReads => _boardReads;
    public IReadOnlyList<ShardStatus?> Boards { get; set; } = new ShardStatus?[Shard.Count];

    /// <summary>What a read of shard statuses waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public TrackResult? Tracks { get; set; }
    public TrackedWorkflow? Finds { get; set; }

    /// <summary>How often a workflow was looked for by its id.</summary>
    public int Reads => _reads;

    /// <summary>Of whatever workflow is asked for, newest first.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    public async Task<IReadOnlyList<ShardStatus?>> ReadAllAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _boardReads);
        await Gate.WaitAsync(cancellationToken);
        return await Answer(Boards);
    }

    public Task<ShardPeek> PeekAsync(Shard shard, CancellationToken cancellationToken) => Answer(new ShardPeek(IsEmpty: true, null));

    public Task WriteAsync(Shard shard, ShardStatus status, CancellationToken cancellationToken) => Answer(true);

    public Task<ShardStatus?> TakeLeaseAsync(Shard shard, ShardStatus? status, ShardLease lease, CancellationToken cancellationToken) =>
        Answer<ShardStatus?>(null);

    public Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken) => Answer(new ShardContents([], null));

    public Task<WriteReport> WriteAsync(
        Shard shard,
        IReadOnlyList<WorkflowWrite> writes,
        ShardStatus? status,
        CancellationToken cancellationToken
    ) => Answer(new WriteReport([], new Dictionary<int, TrackedWorkflow>(), 0, 0));

    public Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken) => Answer(true);

    public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Answer(Finds);
    }

    public Task<TrackResult> TrackAsync(
        WorkflowTarget target,
        string? clusterName,
        DateTimeOffset now,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) => failure is null ? Answer(Tracks ?? throw new InvalidOperationException("Nothing was prepared.")) : Answer(Tracks!);

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) => Answer(false);

    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) => Answer(false);

    public Task<Page<HistoryEntry>> ReadHistoryAsync(
        string workflowId,
        DateTimeOffset? from,
        DateTimeOffset? to,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    ) => Answer(new Page<HistoryEntry>([.. History.Take(pageSize)], pageSize < History.Count ? "more" : null));

    public Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken) =>
        Answer<HistoryState?>(null);

    Task<IReadOnlyList<ClusterMention>> IClusterNameStore.FindAsync(string text, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<ClusterMention>>([]);

    Task<TrackedCluster?> IClusterStore.FindClusterAsync(string clusterId, CancellationToken cancellationToken) =>
        Answer<TrackedCluster?>(null);

    Task<DiscoveryTrackResult<TrackedCluster>> IClusterStore.TrackClusterAsync(
        TrackedCluster requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) => Answer(new DiscoveryTrackResult<TrackedCluster>(DiscoveryTrackStatus.Created, requested));

    Task<bool> IClusterStore.UntrackClusterAsync(string clusterId, CancellationToken cancellationToken) => Answer(false);

    Task<Page<TrackedCluster>> IClusterStore.ListClustersAsync(
        string? projectId,
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    ) => Answer(new Page<TrackedCluster>([], null));

    Task<DiscoveryTrackResult<TrackedProject>> IClusterStore.TrackProjectAsync(
        TrackedProject requested,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) => Answer(new DiscoveryTrackResult<TrackedProject>(DiscoveryTrackStatus.Created, requested));

    Task<TrackedProject?> IClusterStore.FindProjectAsync(string projectId, CancellationToken cancellationToken) =>
        Answer<TrackedProject?>(null);

    Task<bool> IClusterStore.UntrackProjectAsync(string projectId, CancellationToken cancellationToken) => Answer(false);

    Task<Page<TrackedProject>> IClusterStore.ListProjectsAsync(
        int pageSize,
        string? continuationToken,
        CancellationToken cancellationToken
    ) => Answer(new Page<TrackedProject>([], null));

    Task IClusterStore.WriteAsync(
        Shard shard,
        IReadOnlyList<TrackedCluster> clusters,
        IReadOnlyList<TrackedProject> projects,
        CancellationToken cancellationToken
    ) => Answer(0);

    Task IClusterStore.ForgetClusterAsync(TrackedCluster cluster, CancellationToken cancellationToken) => Answer(0);

    Task<TrackedWorkflow?> IClusterStore.RecordAsync(WorkflowWrite found, CancellationToken cancellationToken) =>
        Answer<TrackedWorkflow?>(null);

    private Task<T> Answer<T>(T value) => failure is null ? Task.FromResult(value) : Task.FromException<T>(failure);
}
