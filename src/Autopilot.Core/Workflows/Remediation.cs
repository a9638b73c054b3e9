using Autopilot.Core.Upstream;

namespace Autopilot.Core.Workflows;

/// <summary>
/// What a person does next, for every reason and every insight: all such texts stand here, each short and each a next step.
/// </summary>
internal static class Remediation
{
    public const string UnreadWorkflow = "Wait for the next poll, or ask for one now.";
    public const string PreCheckExpired = "Run the pre-check again before the cluster upgrade is started.";
    public const string PreCheckExpiresMeanwhile =
        "Run the pre-check again if the cluster upgrade cannot be started before the result expires.";
    public const string StalledRun =
        "Look at the task in the CCE console; if it shows no progress, open a support ticket with the task's id.";
    public const string StalledQueue =
        "Check in the CCE console whether another operation holds the cluster; if none does, open a support ticket.";
    public const string SlowRun = "Nothing to do but watch it; don't change the cluster or its add-ons meanwhile.";
    public const string InconsistentGraph = "Judge the order of the tasks with care, and compare it with the CCE console.";
    public const string MissingTask = "Nothing to do if the next answers show it again; otherwise look at the workflow in the CCE console.";
    public const string DocumentTruncated = "Look at the workflow in the CCE console: an upgrade does not have that many tasks.";
    public const string PendingWhileRunning =
        "Nothing to do while a task runs; look in the CCE console if the phase stays Pending after it.";
    public const string PendingWithoutFailure = "Look in the CCE console for what upstream waits for; the tasks name no failure.";
    public const string LookUpVersion = "Look in the CCE console which version the cluster is on.";
    public const string SuccessWithOpenTasks = "Check in the CCE console whether the open tasks were left out on purpose.";
    public const string UnknownValue = "Look it up in the CCE console, and update this application if it persists.";
    public const string UnreadableTime = "Take the time from the CCE console; figures that need it are left out here.";
    public const string ClockSkew = "Compare the clocks of this host and of upstream; the figures concerned are left out.";
    public const string StaleData = "Check the health of the poller; what is shown may be outdated.";
    public const string NotSeenLive = "Nothing to do: upgrades of a discovered cluster are followed from their beginning.";
    public const string Gone = "Check in the CCE console whether the workflow or its cluster was deleted; if so, stop tracking it.";
    public const string OptionalTaskFailed = "Decide whether its result is needed; if so, run it again.";
    public const string FailureBeforeRollback = "See the rollback through first; then find the cause before the upgrade is tried again.";
    public const string ClusterLeftBehind =
        "Look in the CCE console which version the cluster is on, and open a support ticket if it is between two versions.";
    public const string FailureLeftBehind = "Nothing has to be done for this workflow; look into the cause before the next upgrade.";
    public const string FailurePassedOver =
        "Nothing has to be done for this upgrade, which went on past it; look into the cause before the next one.";

    private static readonly Advice LookIntoRun = new(
        "look at it in the CCE console, and open a support ticket if it does not move",
        StalledRun
    );
    private static readonly Advice LookIntoQueue = new(
        "look at it in the CCE console, and open a support ticket if it does not move",
        StalledQueue
    );
    private static readonly Advice Watch = new("nothing to do but watch it", SlowRun);
    private static readonly Advice LookIntoPhase = new(
        "look in the CCE console for what upstream waits for",
        "Look in the CCE console for what upstream waits for."
    );
    private static readonly Advice LookForWorkflow = new("check in the CCE console whether it was deleted", Gone);

    /// <summary>
    /// What to do about the blocking task, by its reason and its assessment. Headline and blocking task both take it from here.
    /// </summary>
    public static Advice For(WorkflowAnalysis analysis, Assessment assessment, Blockage blockage) =>
        assessment switch
        {
            Assessment.Gone => LookForWorkflow,
            Assessment.Stalled => blockage.Task.Task.IsQueued() ? LookIntoQueue : LookIntoRun,
            Assessment.Slow => Watch,
            Assessment.Blocked when IsAwaited(blockage.Reason) => LookIntoPhase,
            _ => For(analysis, blockage),
        };

    /// <summary>What to do about a task that should long have ended, or begun.</summary>
    public static string Stalled(UpgradeTask task) => task.IsQueued() ? StalledQueue : StalledRun;

    /// <summary>What to do about a failed task that is not the blocking one.</summary>
    public static string ForFailure(WorkflowAnalysis analysis, TaskTimes task, Blockage? blockage) =>
        blockage switch
        {
            _ when analysis.IsTerminal => LeftBehind(analysis),
            _ when analysis.IsGone => Gone,
            // The upgrade must not be retried while it is being rolled back.
            _ when blockage?.Task.Type == UpgradeTaskType.Rollback => FailureBeforeRollback,
            _ when task.IsPassedOver => FailurePassedOver,
            { GoesOn: true } or { Reason: BlockingReason.Paused } =>
                $"See {TaskPhrases.Name(blockage.Task.Type)} through first; then decide whether {TaskPhrases.Name(task.Type)} must be "
                    + "run again.",
            _ => task.Required ? Failed(task).Sentence : OptionalTaskFailed,
        };

    /// <summary>
    /// What to do about a failure of a workflow that is over: nothing, unless it left the cluster between two versions, or may have.
    /// </summary>
    private static string LeftBehind(WorkflowAnalysis analysis) =>
        analysis.Cluster.Is is ClusterIs.Between or ClusterIs.Unknown ? ClusterLeftBehind : FailureLeftBehind;

    /// <summary>What to do about a task that was attempted three times or more and failed at least once.</summary>
    public static string ForRepeated(WorkflowAnalysis analysis, TaskTimes task, Blockage? blockage) =>
        blockage switch
        {
            _ when analysis.IsTerminal => LeftBehind(analysis),
            _ when analysis.IsGone => Gone,
            _ when task.IsSettled => "Nothing has to be done about it now; look into the cause before the next upgrade.",
            _ when blockage?.Task.Type == UpgradeTaskType.Rollback && task != blockage.Task => FailureBeforeRollback,
            _ when task.Task.IsUnderWay() || blockage is { GoesOn: true } =>
                "If it fails again, compare the attempts and mend the cause, or open a support ticket with the task's id.",
            _ when task.Type == UpgradeTaskType.Rollback => "Name every attempt in the support ticket.",
            _ =>
                "Before the next attempt compare the earlier ones: mend what fails each time, or open a support ticket with the task's id.",
        };

    /// <summary>
    /// What to do where nothing has run for a day. Whether to cancel is asked only where the blocking task leaves it open.
    /// </summary>
    public static string ForLongWait(WorkflowAnalysis analysis, Blockage? blockage) =>
        blockage?.Reason is BlockingReason.AwaitingStart or BlockingReason.PreCheckExpired or BlockingReason.RolledBack
        && analysis.State.Phase != WorkflowPhase.Pending
            ? "Decide whether the upgrade goes on; if not, cancel the workflow."
            : "Find out who goes on with it, and do what comes next.";

    /// <summary>
    /// What to do about a pre-check that expires soon while no other task runs: the cluster upgrade can be started only where it is next.
    /// </summary>
    public static string ForExpiringPreCheck(WorkflowAnalysis analysis, Blockage? blockage) =>
        blockage is { Reason: BlockingReason.AwaitingStart }
        && blockage.Task.Type == UpgradeTaskType.Cluster
        && analysis.State.Phase != WorkflowPhase.Pending
            ? "Start the cluster upgrade before the result expires, or run the pre-check again."
            : PreCheckExpiresMeanwhile;

    /// <summary>What to do about an expired or expiring pre-check while another task runs.</summary>
    public static string PreCheckAfter(TaskTimes underWay) =>
        $"Once {TaskPhrases.Name(underWay.Type)} has ended, run the pre-check again before the cluster upgrade is started.";

    private static bool IsAwaited(BlockingReason reason) => reason is BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation;

    private static Advice For(WorkflowAnalysis analysis, Blockage blockage) =>
        blockage.Reason switch
        {
            BlockingReason.RollingBack => new(
                "wait until it has ended",
                "Wait until the rollback has ended, and don't change the cluster meanwhile."
            ),
            BlockingReason.TaskFailed => Failed(blockage.Task),
            BlockingReason.RolledBack => new(
                "mend the cause, then retry the upgrade or cancel the workflow",
                "The cluster is back on its old version: mend what led to the rollback, then retry the upgrade or cancel the workflow."
            ),
            BlockingReason.Paused => new(
                "find out why and continue it",
                "Find out who paused it and why, then continue it in the CCE console."
            ),
            BlockingReason.InProgress => new(
                "nothing to do but wait",
                "Nothing to do but wait; don't change the cluster or its add-ons meanwhile."
            ),
            BlockingReason.Queued => new(
                "nothing to do but wait",
                "Nothing to do but wait; upstream starts it when its resources are free."
            ),
            BlockingReason.PreCheckExpired => new(
                "run it again before the cluster upgrade is started",
                "Run the pre-check again, then start the cluster upgrade while the result is valid."
            ),
            BlockingReason.AwaitingConfirmation => new(
                "check the workloads and start the post-check",
                "Check that the workloads have recovered, then start the post-check to confirm the upgrade."
            ),
            BlockingReason.AwaitingStart => new("start it, or cancel the workflow", Start(analysis, blockage.Task.Type)),
            _ when blockage.Task.Status.IsKnown => new("look at it in the CCE console", LookUpVersion),
            _ => new(
                "look at it in the CCE console",
                "Look at the task in the CCE console: its status is one that this version does not know."
            ),
        };

    /// <summary>What to do about polls that fail.</summary>
    public static string For(UpstreamFailure failure) =>
        failure switch
        {
            UpstreamFailure.NotFound => "Check the ids; if upstream keeps not knowing it, it will be marked as gone.",
            UpstreamFailure.Denied =>
                "Check that the credential may read this cluster (cce:cluster:getCluster) and that the ids are right.",
            UpstreamFailure.Rejected => "Check the credential in the settings under Cce.",
            UpstreamFailure.Misconfigured => "Check Cce:Region, Cce:Endpoint and Cce:PathPrefix.",
            UpstreamFailure.Throttled => "Nothing to do if it passes; otherwise set Cce:RequestsPerMinute lower.",
            UpstreamFailure.Locked => "Nothing to do: it is read again at the next poll.",
            UpstreamFailure.Invalid => "If it persists, compare upstream's answer with what this version can read.",
            _ => "If it persists, check the network and upstream's status page; the last good state is kept.",
        };

    private static Advice Failed(TaskTimes task) =>
        task.Type.Value switch
        {
            "Rollback" => new(
                "open a support ticket now",
                "Open a support ticket with the task's id at once: the cluster may be between two versions."
            ),
            "Snapshot" when !task.Required => new(
                "run it again, or go on without it",
                "Run the snapshot again, or go on without it if no backup is needed."
            ),
            "Snapshot" => new("run it again", "Run the snapshot again; if it fails again, open a support ticket with the task's id."),
            _ when !task.Required => new(
                "run it again, or go on without it",
                "Find the cause in the CCE console, then run it again, or go on without it if its result is not needed."
            ),
            "PreCheck" => FailedPreCheck(task.Failure),
            "PostCheck" => new(
                "mend the workloads and run it again",
                "Find out which workloads have not recovered, mend them, and run the post-check again."
            ),
            "Cluster" => new(
                "find the cause, then retry it or cancel the workflow",
                "Find the cause in the CCE console, then retry the upgrade; if it fails again, open a support ticket with the task's id."
            ),
            _ => new(
                "find the cause, then retry it or cancel the workflow",
                "Find the cause in the CCE console, then run the task again or cancel the workflow."
            ),
        };

    /// <summary>By what upstream documents about the item that matters most, else by its group, where upstream names one.</summary>
    private static Advice FailedPreCheck(TaskFailure? failure)
    {
        const string Mend = "mend what it found and run it again",
            Again = "run it again, and open a support ticket if it fails again";
        if (WorstItem(failure) is not { } worst)
        {
            return new(Mend, "Look at the failed items in the CCE console, mend them, and run the pre-check again.");
        }

        return HasOnlyRisks(failure!)
            ? CheckItemAdvice.ForRisk(failure!)
                ?? new(
                    "judge the risks and run it again",
                    "Judge the risks in the details: remove their causes or confirm them in the CCE console, then run the pre-check again."
                )
            : CheckItemAdvice.For(failure!, worst)
                ?? worst.Group switch
                {
                    "LimitCheck" => new(
                        Mend,
                        "Remove what stands in the way by the details, such as a restriction or a deprecated API in use, then run the "
                            + "pre-check again."
                    ),
                    "MasterCheck" => new(
                        Again,
                        "Wait some minutes and run the pre-check again; Huawei Cloud runs the control plane, so open a support ticket if "
                            + "it fails again."
                    ),
                    "NodeCheck" => new(Mend, "Repair or replace the nodes that the details name, then run the pre-check again."),
                    "AddonCheck" => new(
                        Mend,
                        "Repair, upgrade or reconfigure the add-on that the details name, then run the pre-check again."
                    ),
                    "ExecuteException" => new(
                        Again,
                        "The check itself broke: run the pre-check again, and open a support ticket with the task's id if it breaks again."
                    ),
                    _ => new(Mend, "Mend what the details name, then run the pre-check again."),
                };
    }

    private static FailureDetail? WorstItem(TaskFailure? failure) =>
        failure is not null
        && failure.Type == UpgradeTaskType.PreCheck
        && CheckItemAdvice.Leading(failure) is { } worst
        && !FailurePhrases.IsOwn(failure, worst)
            ? worst
            : null;

    private static bool HasOnlyRisks(TaskFailure failure) => failure.Omitted == 0 && failure.Details.All(detail => detail.Kind == "Risk");

    private static string Start(WorkflowAnalysis analysis, UpgradeTaskType type) =>
        type.Value switch
        {
            "PreCheck" => "Start the pre-check in the CCE console, or cancel the workflow if the upgrade is not wanted.",
            "Cluster" when analysis.Find(UpgradeTaskType.PreCheck) is { IsDone: true } check =>
                "Start the cluster upgrade in the CCE console, while the pre-check's result is valid"
                    + $"{(PreCheckExpiry.UnusedExpiry(analysis, check) is { } expiry ? $", until {HumanDuration.At(expiry)}" : "")}.",
            "Cluster" => "Start the cluster upgrade in the CCE console, or cancel the workflow if the upgrade is not wanted.",
            "PostCheck" => "Start the post-check once the workloads have recovered.",
            "Snapshot" => "Start the snapshot in the CCE console.",
            _ => "Start the task in the CCE console, or cancel the workflow if the upgrade is not wanted.",
        };
}
