using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows.Actions;
using static Autopilot.Core.Workflows.Actions.ActionPhrases;

namespace Autopilot.Core.Workflows;

/// <summary>
/// What a person does next, for every reason and every insight: all such texts stand here, each short and each a next step. Where a text
/// names an action that upstream may refuse, the <see cref="ActionPlan"/> decides whether it is said.
/// </summary>
internal static class Remediation
{
    public static readonly AdviceText StalledRun = AdviceText.Of(
        $"{LookAtTaskInConsole.AtStart}; if it shows no progress, {OpenTicketWithId}."
    );
    public static readonly AdviceText StalledQueue = AdviceText.Of(
        $"{CheckInConsole.AtStart} whether another operation holds the cluster; if none does, {OpenTicket}."
    );
    public static readonly AdviceText SlowRun = AdviceText.Of(
        $"Nothing to do but {WatchIt}; don't change the cluster or its add-ons meanwhile."
    );
    public static readonly AdviceText InconsistentGraph = AdviceText.Of(
        $"Judge the order of the tasks with care, and {CompareWithConsole}."
    );
    public static readonly AdviceText MissingTask = AdviceText.Of(
        $"Nothing to do if the next answers show it again; otherwise {LookAtWorkflowInConsole}."
    );
    public static readonly AdviceText DocumentTruncated = AdviceText.Of(
        $"{LookAtWorkflowInConsole.AtStart}: an upgrade does not have that many tasks."
    );
    public static readonly AdviceText PendingWhileRunning = AdviceText.Of(
        $"Nothing to do while a task runs; {LookInConsole} if the phase stays Pending after it."
    );
    public static readonly AdviceText PendingWithoutFailure = AdviceText.Of(
        $"{LookInConsole.AtStart} for what upstream waits for; the tasks name no failure."
    );
    public static readonly AdviceText LookUpVersion = AdviceText.Of($"{LookInConsole.AtStart} which version the cluster is on.");
    public static readonly AdviceText SuccessWithOpenTasks = AdviceText.Of(
        $"{CheckInConsole.AtStart} whether the open tasks were left out on purpose."
    );
    public static readonly AdviceText UnknownValue = AdviceText.Of(
        $"{LookItUpInConsole.AtStart}, and update this application if it persists."
    );
    public static readonly AdviceText UnreadableTime = AdviceText.Of(
        $"{TakeTimeFromConsole.AtStart}; figures that need it are left out here."
    );
    public static readonly AdviceText ClockSkew = AdviceText.Of(
        "Compare the clocks of this host and of upstream; the figures concerned are left out."
    );
    public static readonly AdviceText StaleData = AdviceText.Of("Check the health of the poller; what is shown may be outdated.");
    public static readonly AdviceText NotSeenLive = AdviceText.Of(
        "Nothing to do: upgrades of a discovered cluster are followed from their beginning."
    );
    public static readonly AdviceText Gone = AdviceText.Of(
        $"{CheckInConsole.AtStart} whether the workflow or its cluster was deleted; if so, stop tracking it."
    );
    public static readonly AdviceText ClusterLeftBehind = AdviceText.Of(
        $"{LookInConsole.AtStart} which version the cluster is on, and {OpenTicket} if it is between two versions."
    );
    public static readonly AdviceText FailureLeftBehind = AdviceText.Of(
        "Nothing has to be done for this workflow; look into the cause before the next upgrade."
    );
    public static readonly AdviceText FailurePassedOver = AdviceText.Of(
        "Nothing has to be done for this upgrade, which went on past it; look into the cause before the next one."
    );

    /// <summary>Where no task blocks an upgrade that has not ended.</summary>
    private static readonly Advice Unblocked = Advice.Of(
        $"{LookAtItInConsole} if that lasts",
        $"{LookAtItInConsole.AtStart} if that lasts."
    );

    private static readonly Advice LookForWorkflow = new(AdviceText.Of($"{CheckInConsole} whether it was deleted"), Gone);

    private static readonly AdviceText LookIfStuck = AdviceText.Of($"{LookAtItInConsole}, and {OpenTicket} if it does not move");
    private static readonly Advice LookIntoRun = new(LookIfStuck, StalledRun);
    private static readonly Advice LookIntoQueue = new(LookIfStuck, StalledQueue);
    private static readonly Advice Watch = new(AdviceText.Of($"nothing to do but {WatchIt}"), SlowRun);
    private static readonly Advice LookIntoPhase = Advice.Of(
        $"{LookInConsole} for what upstream waits for",
        $"{LookInConsole.AtStart} for what upstream waits for."
    );
    private static readonly Advice LookAtCluster = new(
        AdviceText.Of($"{LookItUpInConsole}, and {OpenTicket} if it is between two versions"),
        ClusterLeftBehind
    );

    /// <summary>
    /// What to do about the blocking task, by its reason and its assessment. Headline and blocking task both take it from here. Null where
    /// there is nothing to do.
    /// </summary>
    public static Advice? For(WorkflowAnalysis analysis, ActionPlan plan, Assessment assessment, Blockage? blockage) =>
        assessment switch
        {
            // Over, unless it may have left the cluster between two versions.
            Assessment.Completed or Assessment.Cancelled => IsLeftBehind(analysis) ? LookAtCluster : null,
            Assessment.Gone => LookForWorkflow,
            _ when blockage is null => Unblocked,
            Assessment.Stalled => blockage.Task.Task.IsQueued() ? LookIntoQueue : LookIntoRun,
            Assessment.Slow => Watch,
            Assessment.Blocked when IsAwaited(blockage.Reason) => LookIntoPhase,
            _ => For(analysis, plan, blockage)
                .Append(Undocumented)
                .First(advice => plan.MayAdvise(advice.Clause) && plan.MayAdvise(advice.Sentence)),
        };

    /// <summary>What to do about a task that should long have ended, or begun.</summary>
    public static AdviceText Stalled(UpgradeTask task) => task.IsQueued() ? StalledQueue : StalledRun;

    /// <summary>What to do about a task that takes longer than usual.</summary>
    /// <param name="limit">When it counts as stalled.</param>
    public static AdviceText Slow(TimeSpan limit) =>
        AdviceText.Of($"{WatchIt.AtStart}; it counts as stalled after {HumanDuration.Of(limit)}.");

    /// <summary>What to do about a failed task that is not the blocking one.</summary>
    public static AdviceText ForFailure(WorkflowAnalysis analysis, ActionPlan plan, TaskTimes task, Blockage? blockage) =>
        blockage switch
        {
            _ when analysis.IsTerminal => LeftBehind(analysis),
            _ when analysis.IsGone => Gone,
            // The upgrade must not be retried while it is being rolled back.
            { Task.Type: var type } when type == UpgradeTaskType.Rollback => BesideRollback(plan),
            _ when task.IsPassedOver => FailurePassedOver,
            { GoesOn: true } or { Reason: BlockingReason.Paused } => AdviceText.Of(
                $"{SeeThrough(blockage.Task.Type).AtStart}; then decide whether {TaskPhrases.Name(task.Type)} must be run again."
            ),
            not null => plan.Choose([
                .. task.Type == UpgradeTaskType.Snapshot && !task.Required
                    ? [AdviceText.Of($"Decide whether its result is needed; if so, {RunSnapshotAgain}.")]
                    : Failed(analysis, task).Select(static advice => advice.Sentence),
                AdviceText.Of(
                    $"Mend first what keeps {TaskPhrases.Name(blockage.Task.Type)} from going on; then decide whether "
                        + $"{TaskPhrases.Name(task.Type)} must be run again."
                ),
            ]),
            null => AdviceText.Of($"{FindCauseInConsole.AtStart}, and decide whether {TaskPhrases.Name(task.Type)} must be run again."),
        };

    /// <summary>What to do about a task that was attempted three times or more and failed at least once.</summary>
    public static AdviceText ForRepeated(WorkflowAnalysis analysis, ActionPlan plan, TaskTimes task, Blockage? blockage) =>
        blockage switch
        {
            _ when analysis.IsTerminal => LeftBehind(analysis),
            _ when analysis.IsGone => Gone,
            _ when task.IsSettled => AdviceText.Of("Nothing has to be done about it now; look into the cause before the next upgrade."),
            { Task.Type: var type } when type == UpgradeTaskType.Rollback && task != blockage.Task => BesideRollback(plan),
            _ when task.Task.IsUnderWay() || blockage is { GoesOn: true } => AdviceText.Of(
                $"If it fails again, compare the attempts and mend the cause, or {OpenTicketWithId}."
            ),
            _ when task.Type == UpgradeTaskType.Rollback => AdviceText.Of($"{NameInTicket.AtStart}."),
            _ => AdviceText.Of($"Before the next attempt compare the earlier ones: mend what fails each time, or {OpenTicketWithId}."),
        };

    /// <summary>
    /// What to do where nothing has run for a day. Whether to cancel is asked only where the blocking task leaves it open.
    /// </summary>
    public static AdviceText ForLongWait(ActionPlan plan, Blockage? blockage)
    {
        var goOn = AdviceText.Of("Find out who goes on with it, and do what comes next.");
        return blockage?.Reason is BlockingReason.AwaitingStart or BlockingReason.PreCheckExpired
            ? plan.Choose(AdviceText.Of($"Decide whether the upgrade goes on; if not, {CancelWorkflow}."), goOn)
            : goOn;
    }

    /// <summary>What to do about a pre-check that expires soon, while another task runs or not.</summary>
    public static AdviceText ForExpiringPreCheck(ActionPlan plan, Blockage? blockage, bool isUnderWay)
    {
        var later = AdviceText.Of("The cluster upgrade needs a new pre-check if it is not started before then.");
        return isUnderWay ? later
            : blockage is { Reason: BlockingReason.AwaitingStart, Task.Type: var type } && type == UpgradeTaskType.Cluster
                ? plan.Choose(
                    AdviceText.Of($"{StartUpgrade.AtStart} before the result expires, or {RunPreCheckAgain}."),
                    AdviceText.Of($"{RunPreCheckAgain.AtStart} if the cluster upgrade cannot begin before the result expires."),
                    later
                )
            : plan.Choose(
                AdviceText.Of($"{RunPreCheckAgain.AtStart} if the cluster upgrade cannot begin before the result expires."),
                later
            );
    }

    /// <summary>What to do about a pre-check that blocks no task at the last read, and whose result has expired.</summary>
    /// <param name="underWay">What runs meanwhile.</param>
    public static AdviceText ForExpiredPreCheck(ActionPlan plan, TaskTimes? underWay) =>
        underWay is null
            ? plan.Choose(
                AdviceText.Of($"{RunPreCheckAgain.AtStart}: the cluster upgrade needs a result that is valid."),
                AdviceText.Of("The cluster upgrade needs a new pre-check before it can begin.")
            )
            : AdviceText.Of(
                $"Once {TaskPhrases.Name(underWay.Type)} has ended, the cluster upgrade needs a new pre-check before it can begin."
            );

    /// <summary>What to do about polls that fail.</summary>
    public static AdviceText For(PollFailure failure) =>
        AdviceText.Of(
            failure.Kind switch
            {
                UpstreamFailure.NotFound => "Check the ids; if upstream keeps not knowing it, it will be marked as gone.",
                UpstreamFailure.Denied => ForDenial(failure.Cause),
                UpstreamFailure.Rejected => "Check the credential in the settings under Cce.",
                UpstreamFailure.Misconfigured => "Check Cce:Region, Cce:Endpoint and Cce:PathPrefix.",
                UpstreamFailure.Throttled => "Nothing to do if it passes; otherwise set Cce:RequestsPerMinute lower.",
                UpstreamFailure.Locked => "Nothing to do: it is read again at the next poll.",
                UpstreamFailure.Invalid => "If it persists, compare upstream's answer with what this version can read.",
                _ => "If it persists, check the network and upstream's status page; the last good state is kept.",
            }
        );

    private static string ForDenial(RejectionCause? cause) =>
        cause switch
        {
            RejectionCause.Policy => "Look for a policy that denies the credential to read this cluster: it outranks what is granted.",
            RejectionCause.Address => "Let the address that this process calls from through the account's access control.",
            RejectionCause.Account => "Settle in the billing center why the account is in arrears, frozen or restricted.",
            RejectionCause.NotOpened => "Have the upgrade APIs opened for the account by the cloud's support.",
            RejectionCause.Project => "Check Cce:ProjectId, and whether the project is available.",
            RejectionCause.Region => "Check Cce:Region, and whether the account may use it.",
            _ => "Check that the credential may read this cluster (cce:cluster:getCluster) and that the ids are right.",
        };

    private static bool IsAwaited(BlockingReason reason) => reason is BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation;

    private static bool IsLeftBehind(WorkflowAnalysis analysis) => analysis.Cluster.Is is ClusterIs.Between or ClusterIs.Unknown;

    private static AdviceText LeftBehind(WorkflowAnalysis analysis) => IsLeftBehind(analysis) ? ClusterLeftBehind : FailureLeftBehind;

    private static AdviceText BesideRollback(ActionPlan plan) =>
        plan.Choose(
            AdviceText.Of($"{SeeThrough(UpgradeTaskType.Rollback).AtStart}; then find the cause before the upgrade is tried again."),
            AdviceText.Of($"{NameFailureInTicket.AtStart} about the rollback; find the cause before the upgrade is tried again.")
        );

    /// <summary>In the order of preference; it may all be impossible now.</summary>
    private static IEnumerable<Advice> For(WorkflowAnalysis analysis, ActionPlan plan, Blockage blockage) =>
        blockage.Reason switch
        {
            BlockingReason.RollingBack =>
            [
                Advice.Of(
                    $"{Wait} until it has ended",
                    $"{WaitFor(UpgradeTaskType.Rollback).AtStart}, and don't change the cluster meanwhile."
                ),
            ],
            BlockingReason.TaskFailed => Failed(analysis, blockage.Task).Concat(BesideOther(analysis, blockage.Task)),
            BlockingReason.RolledBack =>
            [
                Advice.Of(
                    $"find the cause, and {OpenTicket} about how to go on",
                    $"The cluster is back on its old version: find out what led to the rollback, and {OpenTicketWithId}, as "
                        + $"nothing is documented about how a workflow goes on after one."
                ),
            ],
            BlockingReason.Paused =>
            [
                Advice.Of(
                    $"{FindOutInConsole} why",
                    $"{FindOutInConsole.AtStart} who paused it and why; if it cannot be continued there, {OpenTicketWithId}."
                ),
            ],
            BlockingReason.InProgress =>
            [
                Advice.Of($"nothing to do but {Wait}", $"Nothing to do but {Wait}; don't change the cluster or its add-ons meanwhile."),
            ],
            BlockingReason.Queued =>
            [
                Advice.Of($"nothing to do but {Wait}", $"Nothing to do but {Wait}; upstream starts it when its resources are free."),
            ],
            BlockingReason.PreCheckExpired =>
            [
                Advice.Of($"{RunPreCheckAgain}", $"{RunPreCheckAgain.AtStart}: the cluster upgrade needs a result that is valid."),
            ],
            BlockingReason.AwaitingConfirmation =>
            [
                Advice.Of(
                    $"check the workloads and {StartPostCheck}",
                    $"Check that the workloads have recovered, then {StartPostCheck} to {ConfirmUpgrade}."
                ),
            ],
            BlockingReason.AwaitingStart => [.. ExpiredUnread(plan), .. Start(analysis, blockage.Task.Type)],
            _ when blockage.Task.Status.IsKnown => [new(AdviceText.Of($"{LookAtItInConsole}"), LookUpVersion)],
            _ => [Advice.Of($"{LookAtItInConsole}", $"{LookAtTaskInConsole.AtStart}: its status is one that this version does not know.")],
        };

    private static readonly Advice Undocumented = Advice.Of(
        $"{LookAtItInConsole}",
        $"{LookAtTaskInConsole.AtStart}: nothing is documented about what may be done in this state."
    );

    /// <summary>Where nothing that is usual after a failure is possible, since something else is under way.</summary>
    private static IEnumerable<Advice> BesideOther(WorkflowAnalysis analysis, TaskTimes task) =>
        analysis.Tasks.Find(other => other != task && other.Task.IsUnderWay()) is { } other
            ? [Advice.Of($"find the cause, and {WaitFor(other.Type)}", $"{FindCauseInConsole.AtStart}, and {WaitFor(other.Type)}.")]
            : [];

    /// <summary>What is usual after a failure, in the order of preference; it may all be impossible now.</summary>
    private static IEnumerable<Advice> Failed(WorkflowAnalysis analysis, TaskTimes task) =>
        task.Type.Value switch
        {
            "Rollback" => [Advice.Of($"{OpenTicket} now", $"{OpenTicketWithId.AtStart} at once: the cluster may be between two versions.")],
            "Snapshot" => FailedSnapshot(analysis, task),
            _ when !task.Required =>
            [
                Advice.Of(
                    $"{LookAtItInConsole}",
                    $"{FindCauseInConsole.AtStart}; the upgrade can go on without it if its result is not needed."
                ),
            ],
            "PreCheck" => FailedPreCheck(task.Failure),
            "PostCheck" =>
            [
                Advice.Of(
                    $"mend the workloads and {RunItAgain(UpgradeAction.Confirm)}",
                    $"Find out which workloads have not recovered, mend them, and {RunPostCheckAgain}; if it fails again, "
                        + $"{OpenTicketWithId}."
                ),
            ],
            "Cluster" =>
            [
                Advice.Of(
                    $"mend the cause, then {RetryIt}",
                    $"{FindCauseInConsole.AtStart} and mend it, then {RetryUpgrade}; if it fails again, {OpenTicketWithId}."
                ),
            ],
            _ =>
            [
                Advice.Of(
                    $"find the cause, and {OpenTicket} if the console does not help",
                    $"{FindCauseInConsole.AtStart}: this version does not know such a task; if that does not help, "
                        + $"{OpenTicketWithId}."
                ),
            ],
        };

    private static IEnumerable<Advice> FailedSnapshot(WorkflowAnalysis analysis, TaskTimes task)
    {
        yield return Advice.Of(
            $"{RunItAgain(UpgradeAction.StartSnapshot)}",
            $"{RunSnapshotAgain.AtStart}; if it fails again, {OpenTicketWithId}."
        );
        if (analysis.Find(UpgradeTaskType.PreCheck) is { IsDone: true })
        {
            yield return Advice.Of($"{RunPreCheckAgain} first", $"{RunPreCheckAgain.AtStart} first: its result has expired.");
        }

        if (task.Required)
        {
            yield break;
        }

        // Nothing waits for it: what comes next on the path is possible.
        yield return Advice.Of($"go on without it and {RunPreCheck}", $"{RunPreCheck.AtStart}: the snapshot is optional.");
        yield return Advice.Of(
            $"go on without it: check the workloads and {StartPostCheck}",
            $"The upgrade is done without the snapshot: check that the workloads have recovered, then {StartPostCheck}."
        );
    }

    /// <summary>By what upstream documents about the item that matters most, else by its group, where upstream names one.</summary>
    private static IEnumerable<Advice> FailedPreCheck(TaskFailure? failure)
    {
        if (failure is not null && WorstItem(failure) is { } worst)
        {
            if (HasOnlyRisks(failure))
            {
                yield return CheckItemAdvice.ForRisk(failure)
                    ?? Advice.Of(
                        $"{ConfirmRisks} or remove their causes, then {RunItAgain(UpgradeAction.RunPreCheck)}",
                        $"Judge the risks in the details: remove their causes or {ConfirmThem}, then {RunPreCheckAgain}."
                    );
            }

            yield return CheckItemAdvice.For(failure, worst) ?? FailedItem(worst);
        }

        yield return new(MendAndRunAgain, AdviceText.Of($"{LookAtItemsInConsole.AtStart}, mend them, and {RunPreCheckAgain}."));
    }

    private static readonly AdviceText MendAndRunAgain = AdviceText.Of($"mend what it found and {RunItAgain(UpgradeAction.RunPreCheck)}");
    private static readonly AdviceText RunAgainOrTicket = AdviceText.Of(
        $"{RunItAgain(UpgradeAction.RunPreCheck)}, and {OpenTicket} if it fails again"
    );

    private static Advice FailedItem(FailureDetail worst) =>
        worst.Group switch
        {
            "LimitCheck" => new(
                MendAndRunAgain,
                AdviceText.Of(
                    $"Remove what stands in the way by the details, such as a restriction or a deprecated API in use, then "
                        + $"{RunPreCheckAgain}."
                )
            ),
            "MasterCheck" => new(
                RunAgainOrTicket,
                AdviceText.Of(
                    $"{RunPreCheckAgain.AtStart} in some minutes; Huawei Cloud runs the control plane, so {OpenTicket} if it fails again."
                )
            ),
            "NodeCheck" => new(
                MendAndRunAgain,
                AdviceText.Of($"Repair or replace the nodes that the details name, then {RunPreCheckAgain}.")
            ),
            "AddonCheck" => new(
                MendAndRunAgain,
                AdviceText.Of($"Repair, upgrade or reconfigure the add-on that the details name, then {RunPreCheckAgain}.")
            ),
            "ExecuteException" => new(
                RunAgainOrTicket,
                AdviceText.Of($"The check itself broke: {RunPreCheckAgain}, and {OpenTicketWithId} if it breaks again.")
            ),
            _ => new(MendAndRunAgain, AdviceText.Of($"Mend what the details name, then {RunPreCheckAgain}.")),
        };

    private static FailureDetail? WorstItem(TaskFailure failure) =>
        failure.Type == UpgradeTaskType.PreCheck && failure.Details is [var worst, ..] && !FailurePhrases.IsOwn(failure, worst)
            ? worst
            : null;

    private static bool HasOnlyRisks(TaskFailure failure) => failure.Omitted == 0 && failure.Details.All(detail => detail.Kind == "Risk");

    /// <summary>Where the pre-check's result has expired since the last read: what was next then cannot be started on it.</summary>
    private static IEnumerable<Advice> ExpiredUnread(ActionPlan plan) =>
        plan.ExpiredUnread is { } expiry
            ?
            [
                Advice.Of(
                    $"the pre-check's result expired at {HumanDuration.At(expiry)}, after the last read: {RunPreCheckAgain}",
                    $"{RunPreCheckAgain.AtStart}, unless the cluster upgrade has been started since the last read: the result expired "
                        + $"at {HumanDuration.At(expiry)}."
                ),
            ]
            : [];

    /// <summary>What is next, started by a person; in the order of preference, it may all be impossible now.</summary>
    private static IEnumerable<Advice> Start(WorkflowAnalysis analysis, UpgradeTaskType type)
    {
        if (type == UpgradeTaskType.Cluster)
        {
            var valid = analysis.Find(UpgradeTaskType.PreCheck) is { IsDone: true } check
                ? ", while the pre-check's result is valid"
                    + (PreCheckExpiry.UnusedExpiry(analysis, check) is { } expiry ? $", until {HumanDuration.At(expiry)}" : "")
                : "";
            yield return Advice.Of($"{StartIt(UpgradeAction.StartUpgrade)}", $"{StartUpgradeInConsole.AtStart}{valid}.");
            yield return Advice.Of($"{RunPreCheck} first", $"{RunPreCheck.AtStart} first: the cluster upgrade needs one that passed.");
        }
        else if (type == UpgradeTaskType.PreCheck)
        {
            var clause = StartIt(UpgradeAction.RunPreCheck);
            yield return Advice.Of(
                $"{clause}, or {CancelWorkflow}",
                $"{StartPreCheck.AtStart}, or {CancelWorkflow} if the upgrade is not wanted."
            );
            yield return Advice.Of($"{clause}", $"{StartPreCheck.AtStart}.");
        }
        else if (type == UpgradeTaskType.PostCheck)
        {
            yield return Advice.Of($"{StartIt(UpgradeAction.Confirm)}", $"{StartPostCheck.AtStart} once the workloads have recovered.");
        }
        else if (type == UpgradeTaskType.Snapshot)
        {
            yield return Advice.Of($"{StartIt(UpgradeAction.StartSnapshot)}", $"{StartSnapshot.AtStart}.");
        }
    }
}
