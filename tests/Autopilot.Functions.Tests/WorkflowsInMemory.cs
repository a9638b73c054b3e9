using System.Collections.Concurrent;
using Autopilot.Core.Reporting;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;

namespace Autopilot.Functions.Tests;

/// <summary>As much of a store as a cycle over unchanged workflows needs; the real one has tests of its own.</summary>
internal sealed class WorkflowsInMemory(params TrackedWorkflow[] workflows)
    : IShardReader,
        IWorkflowReader,
        IObservationStore,
        ITrackingStore
{
    private readonly ConcurrentDictionary<string, TrackedWorkflow> _rows = new(
        workflows.ToDictionary(workflow => workflow.Target.WorkflowId)
    );

    public TrackedWorkflow this[string workflowId] => _rows[workflowId];

    public Task<ShardContents> ReadShardAsync(Shard shard, CancellationToken cancellationToken) =>
        Task.FromResult(new ShardContents([.. _rows.Values.Where(row => Shard.Of(row.Target.WorkflowId) == shard)], null));

    public Task<WriteReport> WriteAsync(
        Shard shard,
        IReadOnlyList<WorkflowWrite> writes,
        ShardStatus? status,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var write in writes)
        {
            _rows[write.After.Target.WorkflowId] = write.After;
        }

        return Task.FromResult(
            new WriteReport([.. writes.Select(_ => WriteOutcome.Committed)], new Dictionary<int, TrackedWorkflow>(), 0, 0)
        );
    }

    public Task<TrackedWorkflow?> FindAsync(string workflowId, CancellationToken cancellationToken) =>
        Task.FromResult(_rows.GetValueOrDefault(workflowId));

    public Task FinishAsync(TrackedWorkflow finished, FinishedUpgrade run, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<TrackResult> TrackAsync(
        WorkflowTarget target,
        string? clusterName,
        DateTimeOffset now,
        bool onlyIfUnknown,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<bool> UntrackAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> PurgeAsync(string workflowId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
