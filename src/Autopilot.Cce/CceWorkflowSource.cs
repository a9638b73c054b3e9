using Autopilot.Cce.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce;

/// <summary>Reads upgrade workflows from the CCE (Autopilot) API.</summary>
internal sealed class CceWorkflowSource(CceClient client, IOptions<CceOptions> options) : IUpgradeWorkflowSource
{
    public UpstreamStanding Standing => client.Standing;

    public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken) =>
        client.GetAsync(CceRequest.ShowWorkflow(target.ProjectId, target.ClusterId, target.WorkflowId, options.Value), WorkflowDocument.Read, cancellationToken);

    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        client.GetAsync(CceRequest.ListWorkflows(projectId, clusterId, options.Value), WorkflowDocument.ReadList, cancellationToken);
}
