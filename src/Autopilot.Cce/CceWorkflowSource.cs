using Autopilot.Cce.Responses;
using Autopilot.Cce.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce;

/// <summary>Reads upgrade workflows from the CCE (Autopilot) API.</summary>
internal sealed class CceWorkflowSource(CceClient client, IOptions<CceOptions> options, Redactor redactor) : IUpgradeWorkflowSource
{
    public UpstreamStatus Status => client.Status;

    public int AnswerLimit => options.Value.MaxAnswerBytes;

    public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken) =>
        client.GetAsync(
            CceRequest.ShowWorkflow(target.ProjectId, target.ClusterId, target.WorkflowId, options.Value),
            WorkflowDocument.Read,
            cancellationToken
        );

    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        client.GetAsync(CceRequest.ListWorkflows(projectId, clusterId, options.Value), WorkflowDocument.ReadList, cancellationToken);

    public Task<SnapshotList> ReadSnapshotsAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        client.GetAsync(
            CceRequest.ListSnapshotTasks(projectId, clusterId, options.Value),
            body => SnapshotDocument.Read(body, redactor.RedactWords),
            cancellationToken
        );

    public bool IsHalfUnspent => client.IsHalfUnspent;

    public Task<ProgressReport> ReadProgressAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    )
    {
        var kind =
            type == UpgradeTaskType.PreCheck ? "precheck"
            : type == UpgradeTaskType.Cluster ? "upgrade"
            : throw new UpstreamException(UpstreamFailure.NotFound, $"Upstream has no document about a task of type {type}.");
        return ResourceId.TryNormalize(taskId, out _)
            ? client.GetAsync(
                CceRequest.ShowTask(kind, target, taskId, options.Value),
                body => TaskDocument.ReadProgress(body, redactor.RedactWords),
                cancellationToken
            )
            : throw new UpstreamException(UpstreamFailure.NotFound, "The task's id is none that could be asked for.");
    }

    public Task<FailureReport?> ReadFailureAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    )
    {
        // The id is upstream's own and was never checked; what is no id must not come near a URL.
        if (!ResourceId.TryNormalize(taskId, out _))
        {
            throw new UpstreamException(UpstreamFailure.NotFound, "The task's id is none that could be asked for.");
        }

        if (type == UpgradeTaskType.PreCheck)
        {
            return client.GetAsync(
                CceRequest.ShowTask("precheck", target, taskId, options.Value),
                body => TaskDocument.ReadPreCheck(body, redactor.RedactWords),
                cancellationToken
            );
        }

        if (type == UpgradeTaskType.Cluster)
        {
            return client.GetAsync(
                CceRequest.ShowTask("upgrade", target, taskId, options.Value),
                body => TaskDocument.ReadUpgrade(body, redactor.RedactWords),
                cancellationToken
            );
        }

        throw new UpstreamException(UpstreamFailure.NotFound, $"Upstream has no document about a task of type {type}.");
    }
}
