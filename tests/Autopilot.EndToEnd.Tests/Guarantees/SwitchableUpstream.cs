using System.Text;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.EndToEnd.Tests.Guarantees;

/// <summary>Workflows whose one task runs or has failed, as the test says.</summary>
internal sealed class SwitchableUpstream : IUpgradeWorkflowSource
{
    public HashSet<string> Failed { get; set; } = [];

    public UpstreamStatus Status => new(null, null, null);

    public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
    {
        var failed = Failed.Contains(target.WorkflowId);
        return Task.FromResult(
            WorkflowDocument.Read(
                Encoding.UTF8.GetBytes(
                    $$"""
                    {"metadata":{"uid":"{{target.WorkflowId}}"},"spec":{"targetVersion":"v1.28"},"status":{"phase":"Running",
                     "pointStatuses":[{"taskType":"Cluster","taskID":"t1","status":"{{(
                        failed ? "Failed" : "Running"
                    )}}","startTimeStamp":"2026-01-01 12:00:00 +0000 UTC"}]} }
                    """
                )
            )
        );
    }

    public Task<FailureReport?> ReadFailureAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    ) => Task.FromResult<FailureReport?>(FailureReport.Nothing);

    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
