using System.Text;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Tracking.Discovery;

/// <summary>Upstream with clusters: what each lists is set by the test, and every GET is counted by what it asked for.</summary>
internal sealed class FleetUpstream : IUpgradeWorkflowSource, IClusterSource
{
    private readonly Lock _lock = new();

    /// <summary>By cluster, its workflows: id and phase.</summary>
    public Dictionary<string, List<(string Id, string Phase)>> Workflows { get; } = [];

    /// <summary>By cluster, its name.</summary>
    public Dictionary<string, string?> Names { get; } = [];

    /// <summary>By cluster or project, what asking for its list meets.</summary>
    public Dictionary<string, UpstreamException> Failures { get; } = [];

    /// <summary>Workflows whose read meets a bug.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>Whatever fails for every request.</summary>
    public UpstreamException? Outage { get; set; }

    /// <summary>What was asked, in order: <c>list c1</c>, <c>name c1</c>, <c>clusters p1</c>, <c>show w1</c>.</summary>
    public List<string> Asked { get; } = [];

    public UpstreamStatus Status { get; set; } = new(null, null, null);

    public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
    {
        Ask($"show {target.WorkflowId}");
        if (Broken.Contains(target.WorkflowId))
        {
            throw new InvalidOperationException("a bug");
        }

        return Workflows.GetValueOrDefault(target.ClusterId, []).Find(w => w.Id == target.WorkflowId) is { Id: not null } found
            ? Task.FromResult(Document(target.ClusterId, found.Id, found.Phase))
            : throw new UpstreamException(UpstreamFailure.NotFound, "Upstream does not know this workflow.");
    }

    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken)
    {
        Ask($"list {clusterId}");
        return Failures.TryGetValue(clusterId, out var failure)
            ? throw failure
            : Task.FromResult<IReadOnlyList<WorkflowObservation>>([
                .. Workflows.GetValueOrDefault(clusterId, []).Select(w => Document(clusterId, w.Id, w.Phase)),
            ]);
    }

    public Task<ListedCluster> ShowClusterAsync(string projectId, string clusterId, CancellationToken cancellationToken)
    {
        Ask($"name {clusterId}");
        return Task.FromResult(new ListedCluster(clusterId, Names.GetValueOrDefault(clusterId)));
    }

    public Task<IReadOnlyList<ListedCluster>> ListClustersAsync(string projectId, CancellationToken cancellationToken)
    {
        Ask($"clusters {projectId}");
        return Failures.TryGetValue(projectId, out var failure)
            ? throw failure
            : Task.FromResult<IReadOnlyList<ListedCluster>>([.. Names.Select(name => new ListedCluster(name.Key, name.Value))]);
    }

    public Task<FailureReport?> ReadFailureAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    ) => Task.FromResult<FailureReport?>(FailureReport.Nothing);

    public static WorkflowObservation Document(string clusterId, string id, string phase) =>
        WorkflowDocument.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"metadata":{"uid":"{{id}}","creationTimestamp":"2026-01-01 00:00:00 +0000 UTC"},
                 "spec":{"clusterID":"{{clusterId}}","clusterVersion":"v1.27.1-r0","targetVersion":"v1.28.6-r0"},
                 "status":{"phase":"{{phase}}","pointStatuses":[{"taskType":"Cluster","taskID":"t1","status":"{{(
                    phase == "Success" ? "Success" : "Running"
                )}}",
                  "startTimeStamp":"2026-01-01 00:10:00 +0000 UTC"{{(
                    phase == "Success" ? ",\"endTimeStamp\":\"2026-01-01 00:25:00 +0000 UTC\"" : ""
                )}}}] } }
                """
            )
        );

    private void Ask(string what)
    {
        lock (_lock)
        {
            Asked.Add(what);
        }

        if (Outage is not null)
        {
            throw Outage;
        }
    }
}
