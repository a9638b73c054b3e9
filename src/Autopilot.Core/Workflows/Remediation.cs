namespace Autopilot.Core.Workflows;

/// <summary>What a person does next, for every reason and every insight: all such texts stand here, each short and each a next step.</summary>
internal static class Remediation
{
    public const string UnreadWorkflow = "Wait for the next poll, or ask for one now.";
    public const string PreCheckExpiresSoon = "Start the cluster upgrade before the result expires, or run the pre-check again.";
    public const string PreCheckExpired = "Run the pre-check again before the cluster upgrade is started.";
    public const string StalledRun = "Look at the task in the CCE console; if it shows no progress, open a support ticket with the task's id.";
    public const string StalledQueue = "Check in the CCE console whether another operation holds the cluster; if none does, open a support ticket.";
    public const string SlowRun = "Nothing to do but watch it; don't change the cluster or its add-ons meanwhile.";
    public const string LongWait = "Decide whether the upgrade shall go on: start the next task, or cancel the workflow.";
    public const string RepeatedFailure = "Don't just repeat it: compare the attempts, mend the cause, or open a support ticket with the task's id.";
    public const string InconsistentGraph = "Judge the order of the tasks with care, and compare it with the CCE console.";
    public const string DocumentTruncated = "Look at the workflow in the CCE console: an upgrade does not have that many tasks.";
    public const string PendingWithoutFailure = "Look in the CCE console for what upstream waits for; the tasks name no failure.";
    public const string SuccessWithOpenTasks = "Check in the CCE console whether the open tasks were left out on purpose.";
    public const string UnknownValue = "Look it up in the CCE console, and update this application if it persists.";
    public const string UnreadableTime = "Take the time from the CCE console; figures that need it are left out here.";
    public const string ClockSkew = "Compare the clocks of this host and of upstream; the figures concerned are left out.";
    public const string StaleData = "Check the health of the poller; what is shown may be outdated.";
    public const string NotSeenLive = "Nothing to do: the cluster's next upgrades are followed from their beginning.";
    public const string Gone = "Check in the CCE console whether the workflow or its cluster was deleted; if so, stop tracking it.";
    public const string OptionalTaskFailed = "Decide whether its result is needed; if so, run it again.";
    public const string StalledClause = "look at it in the CCE console, and open a support ticket if it does not move";
    public const string SlowClause = "nothing to do but watch it";
    public const string PendingClause = "look in the CCE console for what upstream waits for";
    public const string FailureBeforeRollback = "See the rollback through first; then find the cause before the upgrade is tried again.";
    public const string FailureLeftBehind = "Nothing has to be done for this workflow; look into the cause before the next upgrade.";

    /// <summary>What to do about the blocking task, as a sentence of its own; of one that runs or is queued, by its pace.</summary>
    public static string For(WorkflowReading reading, Blockage blockage)
    {
        var task = blockage.Task;
        return blockage.Reason is not (BlockingReason.InProgress or BlockingReason.Queued) ? For(blockage.Reason, task.Type, task.Failure)
            : TaskPace.StalledSince(reading, task) is not null ? Stalled(task.Status)
            : TaskPace.SlowSince(reading, task) is not null ? SlowRun
            : For(blockage.Reason, task.Type);
    }

    /// <summary>What to do about a task that should long have ended, or begun.</summary>
    public static string Stalled(UpgradeTaskStatus status) => status == UpgradeTaskStatus.Running ? StalledRun : StalledQueue;

    /// <summary>What to do about a reason, whatever the pace.</summary>
    public static string For(BlockingReason reason, UpgradeTaskType type, TaskFailure? failure = null) => reason switch
    {
        BlockingReason.RollingBack => "Wait until the rollback has ended, and don't change the cluster meanwhile.",
        BlockingReason.TaskFailed => FailedPreCheck(failure) ?? Failed(type),
        BlockingReason.RolledBack => "The cluster is back on its old version: mend the cause of the failure, then retry the upgrade or cancel the workflow.",
        BlockingReason.Paused => "Find out who paused it and why, then continue it in the CCE console.",
        BlockingReason.InProgress => "Nothing to do but wait; don't change the cluster or its add-ons meanwhile.",
        BlockingReason.Queued => "Nothing to do but wait; upstream starts it when its resources are free.",
        BlockingReason.PreCheckExpired => "Run the pre-check again, then start the cluster upgrade while the result is valid.",
        BlockingReason.AwaitingConfirmation => "Check that the workloads have recovered, then start the post-check to confirm the upgrade.",
        BlockingReason.AwaitingStart => Start(type),
        _ => "Look at the task in the CCE console: its status is one that this version does not know.",
    };

    /// <summary>The same as the last clause of a headline: no capital, no full stop.</summary>
    public static string Clause(BlockingReason reason, UpgradeTaskType type, TaskFailure? failure = null) => reason switch
    {
        BlockingReason.RollingBack => "wait until it has ended",
        BlockingReason.TaskFailed => type.Value switch
        {
            "PreCheck" when WorstItem(failure) is { } worst => HasOnlyRisks(failure!) ? "judge the risks and run it again" : worst.Group switch
            {
                "ExecuteException" or "MasterCheck" => "run it again, and open a support ticket if it fails again",
                _ => "mend what it found and run it again",
            },
            "PreCheck" => "mend what it found and run it again",
            "Rollback" => "open a support ticket now",
            "Snapshot" => "run it again, or go on without it",
            "PostCheck" => "mend the workloads and run it again",
            _ => "find the cause, then retry it or cancel the workflow",
        },
        BlockingReason.RolledBack => "mend the cause, then retry the upgrade or cancel the workflow",
        BlockingReason.Paused => "find out why and continue it",
        BlockingReason.InProgress or BlockingReason.Queued => "nothing to do but wait",
        BlockingReason.PreCheckExpired => "run it again before the cluster upgrade is started",
        BlockingReason.AwaitingConfirmation => "check the workloads and start the post-check",
        BlockingReason.AwaitingStart => "start it, or cancel the workflow",
        _ => "look at it in the CCE console",
    };

    /// <summary>What to do about polls that fail.</summary>
    public static string For(Tracking.UpstreamFailure failure) => failure switch
    {
        Tracking.UpstreamFailure.NotFound => "Check the ids; if upstream keeps not knowing it, it will be marked as gone.",
        Tracking.UpstreamFailure.Denied => "Check that the credential may read this cluster (cce:cluster:getCluster) and that the ids are right.",
        Tracking.UpstreamFailure.Rejected => "Check the credential in the settings under Cce.",
        Tracking.UpstreamFailure.Misconfigured => "Check Cce:Region, Cce:Endpoint and Cce:PathPrefix.",
        Tracking.UpstreamFailure.Throttled => "Nothing to do if it passes; otherwise set Cce:RequestsPerMinute lower.",
        Tracking.UpstreamFailure.Locked => "Nothing to do: it is read again at the next poll.",
        Tracking.UpstreamFailure.Invalid => "If it persists, compare upstream's answer with what this version can read.",
        _ => "If it persists, check the network and upstream's status page; the last good state is kept.",
    };

    /// <summary>By the group of the worst failed item; null where upstream names none.</summary>
    private static string? FailedPreCheck(TaskFailure? failure) => WorstItem(failure) is not { } worst ? null
        : HasOnlyRisks(failure!) ? "Judge the risks in the details: remove their causes or confirm them in the CCE console, then run the pre-check again."
        : worst.Group switch
        {
            "LimitCheck" => "Remove what stands in the way by the details, such as a restriction or a deprecated API in use, then run the pre-check again.",
            "MasterCheck" => "Wait some minutes and run the pre-check again; Huawei Cloud runs the control plane, so open a support ticket if it fails again.",
            "NodeCheck" => "Repair or replace the nodes that the details name, then run the pre-check again.",
            "AddonCheck" => "Repair, upgrade or reconfigure the add-on that the details name, then run the pre-check again.",
            "ExecuteException" => "The check itself broke: run the pre-check again, and open a support ticket with the task's id if it breaks again.",
            _ => "Mend what the details name, then run the pre-check again.",
        };

    private static FailureDetail? WorstItem(TaskFailure? failure) =>
        failure is { Details: [var worst, ..] } && failure.Type == UpgradeTaskType.PreCheck && !FailureWords.IsOwn(failure, worst) ? worst : null;

    private static bool HasOnlyRisks(TaskFailure failure) => failure.Omitted == 0 && failure.Details.All(detail => detail.Kind == "Risk");

    private static string Failed(UpgradeTaskType type) => type.Value switch
    {
        "PreCheck" => "Look at the failed items in the CCE console, mend them, and run the pre-check again.",
        "Snapshot" => "Run the snapshot again, or go on without it if no backup is needed.",
        "Cluster" => "Find the cause in the CCE console, then retry the upgrade; if it fails again, open a support ticket with the task's id.",
        "PostCheck" => "Find out which workloads have not recovered, mend them, and run the post-check again.",
        "Rollback" => "Open a support ticket with the task's id at once: the cluster may be between two versions.",
        _ => "Find the cause in the CCE console, then run the task again or cancel the workflow.",
    };

    private static string Start(UpgradeTaskType type) => type.Value switch
    {
        "PreCheck" => "Start the pre-check in the CCE console, or cancel the workflow if the upgrade is not wanted.",
        "Cluster" => "Start the cluster upgrade in the CCE console, while the pre-check's result is valid.",
        "PostCheck" => "Start the post-check once the workloads have recovered.",
        "Snapshot" => "Start the snapshot in the CCE console.",
        _ => "Start the task in the CCE console, or cancel the workflow if the upgrade is not wanted.",
    };
}
