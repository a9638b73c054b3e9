using System.Text;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Tests;

/// <summary>Upstream's port, answering what a test says.</summary>
internal sealed class Upstream : IUpgradeWorkflowSource, IClusterSource
{
    private int _reads;

    public Func<WorkflowTarget, Task<WorkflowObservation>> Answer { get; set; } = target => Task.FromResult(Running(target));

    public UpstreamStatus Status { get; set; } = new(null, null, null);

    public int Reads => _reads;

    public Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Answer(target).WaitAsync(cancellationToken);
    }

    /// <summary>What upstream says of a failed task.</summary>
    public FailureReport? Why { get; set; } = FailureReport.Nothing;

    public Task<FailureReport?> ReadFailureAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    ) => Task.FromResult(Why);

    /// <summary>What every cluster lists; a test may make it fail.</summary>
    public Func<string, IReadOnlyList<WorkflowObservation>> Lists { get; set; } = _ => [];

    /// <summary>The clusters of every project.</summary>
    public IReadOnlyList<ListedCluster> Clusters { get; set; } = [];

    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        Task.FromResult(Lists(clusterId));

    /// <summary>The name of every cluster; null where upstream returns none.</summary>
    public Func<string, string?> Named { get; set; } = clusterId => $"name of {clusterId}";

    public Task<ListedCluster> ShowClusterAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        Task.FromResult(new ListedCluster(clusterId, Named(clusterId)));

    public Task<IReadOnlyList<ListedCluster>> ListClustersAsync(string projectId, CancellationToken cancellationToken) =>
        Task.FromResult(Clusters);

    public void Says(Func<WorkflowTarget, WorkflowObservation> answer) => Answer = target => Task.FromResult(answer(target));

    public void Fails(UpstreamException exception) => Answer = _ => Task.FromException<WorkflowObservation>(exception);

    /// <summary>The upgrade itself runs.</summary>
    public static WorkflowObservation Running(WorkflowTarget target) => Document(target, "Running", "Running", null);

    /// <summary>The upgrade failed: blocked.</summary>
    public static WorkflowObservation Failed(WorkflowTarget target) =>
        Document(target, "Pending", "Failed", "2026-11-23 07:40:00.5 +0000 UTC");

    /// <summary>All done.</summary>
    public static WorkflowObservation Done(WorkflowTarget target) =>
        Document(target, "Success", "Success", "2026-11-23 07:50:00 +0000 UTC");

    /// <summary>More than an entity holds, and no compression makes it smaller.</summary>
    public static WorkflowObservation Huge(WorkflowTarget target)
    {
        var noise = new byte[1_500_000];
        new Random(1).NextBytes(noise);
        var text = Text(target, "Running", "Running", null)
            .Replace("\"unheardOf\": 1.50", $"\"unheardOf\": \"{Convert.ToBase64String(noise)}\"", StringComparison.Ordinal);
        return WorkflowDocument.Read(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>One task with unusual spacing, so that "as it came" differs from "as we would write it".</summary>
    public static string Text(WorkflowTarget target, string phase, string status, string? endedAt) =>
        $$"""
            { "kind":"WorkFlowTask",  "apiVersion": "v3",
              "metadata": { "uid": "{{target.WorkflowId}}", "creationTimestamp": "2026-11-23 07:00:00.5 +0000 UTC" },
              "spec": { "clusterID": "{{target.ClusterId}}", "clusterVersion": "v1.27.1-r0", "targetVersion": "v1.28.6-r0", "unheardOf": 1.50 },
              "status": { "phase": "{{phase}}", "pointStatuses": [ { "taskType": "Cluster", "taskID": "t1", "status": "{{status}}",
                "startTimeStamp": "2026-11-23 07:30:00.25 +0000 UTC"{{(
                endedAt is null ? "" : $", \"endTimeStamp\": \"{endedAt}\""
            )}} } ] } }
            """;

    private static WorkflowObservation Document(WorkflowTarget target, string phase, string status, string? endedAt) =>
        WorkflowDocument.Read(Encoding.UTF8.GetBytes(Text(target, phase, status, endedAt)));
}
