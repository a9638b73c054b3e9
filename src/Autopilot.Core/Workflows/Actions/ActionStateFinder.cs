namespace Autopilot.Core.Workflows.Actions;

/// <summary>Finds the row of the <see cref="ActionTable"/> that a workflow stands in: the first rule that holds, from the top.</summary>
internal static class ActionStateFinder
{
    /// <summary>Of a workflow that was read at least once.</summary>
    public static ActionState Of(WorkflowAnalysis analysis) =>
        analysis.State.Phase == WorkflowPhase.Success ? ActionState.Succeeded
        : analysis.State.Phase == WorkflowPhase.Cancel ? ActionState.Cancelled
        : analysis.IsGone ? ActionState.Gone
        : ByRollback(analysis) ?? ByTaskUnderWay(analysis) ?? ByEndedTasks(analysis);

    private static ActionState? ByRollback(WorkflowAnalysis analysis) =>
        analysis switch
        {
            { Cluster.Rollback: null } => null,
            { Cluster.Rollback.Status: var status } when status == UpgradeTaskStatus.Failed => ActionState.AfterRollback,
            { Cluster: { Rollback.Status: var status, Is: ClusterIs.Old } } when status == UpgradeTaskStatus.Success =>
                ActionState.AfterRollback,
            _ when IsUnderWay(analysis, UpgradeTaskType.Rollback) => ActionState.RollingBack,
            _ => null,
        };

    /// <summary>The latest stage that is under way; a status that we don't know leaves it open.</summary>
    private static ActionState? ByTaskUnderWay(WorkflowAnalysis analysis)
    {
        var underWay = analysis.Tasks.FindAll(static task => task.Task.IsUnderWay());
        return underWay.Count == 0 ? null
            : underWay.Exists(static task => !task.Status.IsKnown) ? ActionState.Undetermined
            : underWay.Find(static task => task.Type == UpgradeTaskType.Cluster) is { } cluster
                ? cluster.Status == UpgradeTaskStatus.Pause ? ActionState.ClusterPaused
                    : ActionState.ClusterUnderWay
            : IsUnderWay(analysis, UpgradeTaskType.Rollback) ? ActionState.RollingBack
            : IsUnderWay(analysis, UpgradeTaskType.PostCheck) ? ActionState.PostCheckUnderWay
            : IsUnderWay(analysis, UpgradeTaskType.PreCheck) ? ActionState.PreCheckUnderWay
            : IsUnderWay(analysis, UpgradeTaskType.Snapshot) ? ActionState.SnapshotUnderWay
            : ActionState.OtherUnderWay;
    }

    /// <summary>While nothing is under way.</summary>
    private static ActionState ByEndedTasks(WorkflowAnalysis analysis)
    {
        var cluster = analysis.Find(UpgradeTaskType.Cluster);
        return analysis.Cluster switch
        {
            { Is: ClusterIs.New } => AfterCluster(analysis),
            { Is: ClusterIs.Between } when cluster?.Status == UpgradeTaskStatus.Failed => HasFailed(analysis, UpgradeTaskType.PreCheck)
                ? ActionState.PreCheckFailedAfterCluster
                : ActionState.ClusterFailed,
            { Is: ClusterIs.Old, ByRollback: false } when cluster is { IsPassedOver: false } => BeforeCluster(analysis, cluster),
            _ => ActionState.Undetermined,
        };
    }

    private static ActionState AfterCluster(WorkflowAnalysis analysis) =>
        HasFailed(analysis, UpgradeTaskType.PostCheck) ? ActionState.PostCheckFailed
        : IsUnexplained(analysis) ? ActionState.PendingWithoutFailure
        : analysis.Find(UpgradeTaskType.PostCheck) is { IsSettled: false } ? ActionState.UpgradeDone
        : ActionState.Confirmed;

    private static ActionState BeforeCluster(WorkflowAnalysis analysis, TaskTimes cluster)
    {
        if (HasFailed(analysis, UpgradeTaskType.PreCheck))
        {
            return ActionState.PreCheckFailed;
        }

        var check = analysis.Find(UpgradeTaskType.PreCheck);
        if (check is { IsDone: true } && PreCheckExpiry.HasExpired(analysis, check))
        {
            return ActionState.PreCheckExpired;
        }

        if (IsUnexplained(analysis))
        {
            return ActionState.PendingWithoutFailure;
        }

        // One that failed and was passed over had its risks accepted; one that was never run leaves upstream without a result.
        if (check is not { IsSettled: true, HasStarted: true })
        {
            return ActionState.PreCheckDue;
        }

        // A snapshot beside the path keeps nothing from starting, but its failure is what upstream waits over.
        return HasFailed(analysis, UpgradeTaskType.Snapshot) ? ActionState.SnapshotFailed
            : Open(analysis, cluster) is { } first
                ? first.Type == UpgradeTaskType.Snapshot && analysis.IsFree(first) ? ActionState.SnapshotDue
                    : ActionState.OtherDue
            : check.IsDone ? ActionState.PreCheckPassed
            : ActionState.PreCheckPassedOver;
    }

    /// <summary>The first task that the cluster stage waits for.</summary>
    private static TaskTimes? Open(WorkflowAnalysis analysis, TaskTimes cluster) =>
        analysis.IsFree(cluster)
            ? null
            : analysis.Tasks.Find(task => task.Required && task != cluster && !task.IsSettled && analysis.IsFree(task)) ?? cluster;

    /// <summary>The phase says that a task failed, and none shows it.</summary>
    private static bool IsUnexplained(WorkflowAnalysis analysis) =>
        analysis.State.Phase == WorkflowPhase.Pending
        && !analysis.Tasks.Exists(static task => task.Status == UpgradeTaskStatus.Failed && !task.IsPassedOver);

    private static bool HasFailed(WorkflowAnalysis analysis, UpgradeTaskType type) =>
        analysis.Find(type) is { IsPassedOver: false } task
        && task.Status == UpgradeTaskStatus.Failed
        && (task.Required || !analysis.IsOvertaken(task));

    private static bool IsUnderWay(WorkflowAnalysis analysis, UpgradeTaskType type) => analysis.Find(type)?.Task.IsUnderWay() is true;
}
