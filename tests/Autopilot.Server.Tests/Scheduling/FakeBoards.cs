using Autopilot.Core.Reporting;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;

namespace Autopilot.Server.Tests.Scheduling;

/// <summary>A store of which only the boards exist.</summary>
internal sealed class FakeBoards : IWorkflowStore
{
    /// <summary>When the last cycle began; null when there was none.</summary>
    public DateTimeOffset? LastBegan { get; set; }

    public bool Down { get; set; }

    public Task<IReadOnlyList<ShardBoard?>> ReadBoardsAsync(CancellationToken cancellationToken) => Down
        ? throw new StorageUnavailableException("the tables are down")
        : Task.FromResult<IReadOnlyList<ShardBoard?>>([.. Shard.All.Select(shard => LastBegan is null ? null : new ShardBoard { StartedAt = LastBegan })]);

    public Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<WriteReport> WriteAsync(Shard shard, IReadOnlyList<WorkflowWrite> writes, ShardBoard? board, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task FinishAsync(TrackedWorkflow finished, FinishedRun run, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<TrackResult> TrackAsync(WorkflowTarget target, string? clusterName, DateTimeOffset now, bool onlyIfUnknown, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Page<HistoryEntry>> ReadHistoryAsync(string workflowId, DateTimeOffset? from, DateTimeOffset? to, int pageSize, string? continuationToken, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<HistoryState?> ReadStateAsync(string workflowId, long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();
}
