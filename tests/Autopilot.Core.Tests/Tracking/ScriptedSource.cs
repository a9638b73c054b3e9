using System.Text;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Tracking;

/// <summary>Upstream's port, answering what a test says: a document per workflow, or a failure.</summary>
internal sealed class ScriptedSource : IUpgradeWorkflowSource
{
    private readonly Lock _lock = new();
    private int _inFlight;

    public Func<WorkflowTarget, Task<WorkflowObservation>> Answer { get; set; } = target => Task.FromResult(Document(target, "Running"));

    public List<string> Read { get; } = [];

    public int MostInFlight { get; private set; }

    public UpstreamStatus Status { get; set; } = new(null, null, null);

    public async Task<WorkflowObservation> ReadAsync(WorkflowTarget target, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Read.Add(target.WorkflowId);
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        }

        try
        {
            return await Answer(target).WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _inFlight--;
            }
        }
    }

    /// <summary>What is said of a failed task, by its id; nothing unless a test says so.</summary>
    public Func<string, Task<FailureReport?>> Why { get; set; } = _ => Task.FromResult<FailureReport?>(FailureReport.Nothing);

    /// <summary>The cluster's backups; no such list unless a test says so.</summary>
    public Func<Task<SnapshotList>> Snapshots { get; set; } =
        () => throw new UpstreamException(UpstreamFailure.NotFound, "There is no list of backups.");

    public int AnswerLimit { get; set; }

    public Task<SnapshotList> ReadSnapshotsAsync(string projectId, string clusterId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Asked.Add($"Snapshots/{clusterId}");
        }

        return Snapshots().WaitAsync(cancellationToken);
    }

    /// <summary>How far a task is that runs, by its id.</summary>
    public Func<string, Task<ProgressReport>> Progress { get; set; } = _ => Task.FromResult(ProgressReport.Nothing);

    /// <summary>The tasks whose progress was asked for, in order.</summary>
    public List<string> AskedProgress { get; } = [];

    public bool IsHalfUnspent { get; set; } = true;

    public Task<ProgressReport> ReadProgressAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            AskedProgress.Add($"{type}/{taskId}");
        }

        return Progress(taskId).WaitAsync(cancellationToken);
    }

    /// <summary>The tasks that were asked about, in order.</summary>
    public List<string> Asked { get; } = [];

    public async Task<FailureReport?> ReadFailureAsync(
        WorkflowTarget target,
        UpgradeTaskType type,
        string taskId,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            Asked.Add($"{type}/{taskId}");
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        }

        try
        {
            return await Why(taskId).WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _inFlight--;
            }
        }
    }

    public Task<IReadOnlyList<WorkflowObservation>> ListAsync(string projectId, string clusterId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>A document as upstream would send it, with one task whose id distinguishes the states.</summary>
    public static WorkflowObservation Document(WorkflowTarget target, string phase, string taskId = "t1") =>
        WorkflowDocument.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"kind":"WorkFlowTask","apiVersion":"v3","metadata":{"uid":"{{target.WorkflowId}}","creationTimestamp":"2026-01-01 00:00:00 +0000 UTC"},
                 "spec":{"clusterID":"{{target.ClusterId}}","clusterVersion":"v1.27.1-r0","targetVersion":"v1.28.6-r0"},
                 "status":{"phase":"{{phase}}","pointStatuses":[{"taskType":"Cluster","taskID":"{{taskId}}","status":"{{(
                    phase == "Success" ? "Success" : "Running"
                )}}","startTimeStamp":"2026-01-01 00:00:01 +0000 UTC"}] } }
                """
            )
        );
}
