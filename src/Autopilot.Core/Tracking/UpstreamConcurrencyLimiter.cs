using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tracking;

/// <summary>Keeps the GETs in flight of the whole process within <c>Polling:MaxConcurrency</c>, for all callers together.</summary>
internal sealed class UpstreamConcurrencyLimiter(IUpgradeWorkflowSource source, IOptions<PollingOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(options.Value.MaxConcurrency);

    /// <inheritdoc cref="IUpgradeWorkflowSource.Status"/>
    public UpstreamStatus Status => source.Status;

    /// <inheritdoc cref="IUpgradeWorkflowSource.AnswerLimit"/>
    public int AnswerLimit => source.AnswerLimit;

    /// <summary>Reads a workflow once a slot is free, and refuses an answer that may not stand for it.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ReadAsync"/>.</exception>
    public async Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
    {
        var observation = await InSlotAsync(token => source.ReadAsync(target, token), cancellationToken);
        return ObservedWorkflow.Refusal(target, observation) is { } rejection ? throw rejection : observation;
    }

    /// <summary>Reads why a task failed, once a slot is free.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ReadFailureAsync"/>.</exception>
    public Task<FailureReport?> ReadFailureAsync(WorkflowTarget target, TaskAttempt run, CancellationToken cancellationToken) =>
        InSlotAsync(token => source.ReadFailureAsync(target, run.Type, run.TaskId!, token), cancellationToken);

    /// <inheritdoc cref="IUpgradeWorkflowSource.IsHalfUnspent"/>
    public bool IsHalfUnspent => source.IsHalfUnspent;

    /// <summary>Reads how far a run is, once a slot is free.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ReadProgressAsync"/>.</exception>
    public Task<ProgressReport> ReadProgressAsync(WorkflowTarget target, TaskAttempt run, CancellationToken cancellationToken) =>
        InSlotAsync(token => source.ReadProgressAsync(target, run.Type, run.TaskId!, token), cancellationToken);

    /// <summary>Reads a cluster's backup tasks, once a slot is free.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ReadSnapshotsAsync"/>.</exception>
    public Task<SnapshotList> ReadSnapshotsAsync(WorkflowTarget target, CancellationToken cancellationToken) =>
        InSlotAsync(token => source.ReadSnapshotsAsync(target.ProjectId, target.ClusterId, token), cancellationToken);

    /// <summary>Lists a cluster's workflows once a slot is free.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpgradeWorkflowSource.ListAsync"/>.</exception>
    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        InSlotAsync(token => source.ListAsync(projectId, clusterId, token), cancellationToken);

    /// <summary>Asks upstream anything once a slot is free.</summary>
    public async Task<T> InSlotAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await ask(cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
