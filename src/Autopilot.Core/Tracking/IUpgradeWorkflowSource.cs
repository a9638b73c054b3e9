using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tracking;

/// <summary>Where upgrade workflows are read: upstream's API, or something that speaks like it.</summary>
public interface IUpgradeWorkflowSource
{
    /// <summary>Reads one workflow now.</summary>
    /// <exception cref="UpstreamException">It could not be read; <see cref="UpstreamException.Failure"/> says what that means.</exception>
    Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken);

    /// <summary>Reads every workflow of a cluster that upstream still shows, in no promised order.</summary>
    /// <exception cref="UpstreamException">As for <see cref="ReadAsync"/>.</exception>
    Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken);

    /// <summary>Reads why a task failed, with one attempt of 3 seconds. Only a pre-check and the upgrade of the cluster have a document
    /// about one task.</summary>
    /// <returns>What upstream says, with no secret in it; null when it does not show the failure yet.</returns>
    /// <exception cref="UpstreamException">As for <see cref="ReadAsync"/>; none of these concerns the workflow itself, nor stops a
    /// cycle.</exception>
    Task<FailureReport?> ReadFailureAsync(WorkflowTarget target, UpgradeTaskType type, string taskId, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the backup tasks of a cluster, with one attempt of 3 seconds: the only place where a snapshot says why it failed.
    /// </summary>
    /// <returns>What upstream lists, with no secret in it.</returns>
    /// <exception cref="UpstreamException">As for <see cref="ReadFailureAsync"/>.</exception>
    Task<SnapshotList> ReadSnapshotsAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        Task.FromException<SnapshotList>(new UpstreamException(UpstreamFailure.NotFound, "There is no list of backups."));

    /// <summary>
    /// Reads the document of a pre-check, or of an upgrade of the cluster, for its progress; with one attempt of 3 seconds.
    /// </summary>
    /// <returns>What upstream says, with no secret in it.</returns>
    /// <exception cref="UpstreamException">As for <see cref="ReadFailureAsync"/>.</exception>
    Task<ProgressReport> ReadProgressAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    ) => Task.FromResult(ProgressReport.Nothing);

    /// <summary>
    /// Whether at least half of each known limit of requests is unspent, and no pause is in force; true where no limit is known.
    /// </summary>
    bool IsHalfUnspent => true;

    /// <summary>Most bytes of an answer about one task; 0 where there is no limit.</summary>
    int AnswerLimit => 0;

    /// <summary>How upstream stands, for health and for the cycle's result.</summary>
    UpstreamStatus Status { get; }
}
