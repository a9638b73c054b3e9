using System.Collections.Frozen;
using static Autopilot.Core.Workflows.Actions.ActionRule;
using static Autopilot.Core.Workflows.Actions.ActionState;

namespace Autopilot.Core.Workflows.Actions;

/// <summary>
/// What upstream allows in each state: the decision table of <c>docs/summary.md</c>, which names the public source of each rule. What
/// upstream documents for a state is <c>Documented</c>; what follows from the rules is <c>Inferred</c>; the rest is unknown. A cancel has
/// rules of its own that come first (<see cref="CancelRules"/>).
/// </summary>
internal static class ActionTable
{
    private const string First = "The pre-check is the first step of an upgrade.",
        Again = "Another pre-check is possible until the cluster upgrade is started.",
        AfterMending = "Once what it found is mended or confirmed, the pre-check is run again.",
        NeedsCheck = "The cluster upgrade needs a pre-check that passed.",
        NoFailedStage = "Only a cluster upgrade that failed can be retried.",
        NoFinishedStage = "The post-check confirms a cluster upgrade that succeeded.",
        NoRisks = "Only the risks that a failed pre-check found can be confirmed.",
        SnapshotAfterCheck = "A snapshot is documented between a passed pre-check and the cluster upgrade only.",
        StepOfCheck = "An optional step between a passed pre-check and the cluster upgrade.",
        DuringUpgrade = "During an upgrade no other operation on the cluster is allowed.",
        DuringCheck = "The pre-check is under way, and nothing is documented about another one.",
        DuringSnapshot = "The snapshot is under way, and nothing is documented about anything beside it.",
        DuringPostCheck = "The post-check is under way.",
        DuringRollback = "The cluster is being rolled back.",
        DuringPause = "Nothing is documented about a cluster upgrade that is paused.",
        AfterCluster = "The cluster is on the new version already.",
        AfterFailure = "Nothing is documented about it after a failed cluster upgrade, but to retry that.",
        AfterBothFailures = "Nothing is documented about a pre-check that failed after the cluster upgrade had failed.",
        AfterRollbackText = "Nothing is documented about a workflow after a rollback.",
        NotCancelled = "Upstream refuses a cancel only while a workflow runs or has ended.",
        NotAdvised = "Upstream refuses a cancel only while a workflow runs or has ended; what the cluster then is, is not documented.",
        Ended = "The workflow has ended; another upgrade needs a new workflow.",
        NotRead = "The workflow has not been read yet.",
        NotKnown = "Upstream no longer knows the workflow.",
        Unexplained = "The phase is Pending, and no failed task says what upstream waits for.",
        OtherTask = "Nothing is documented about a task of this type.",
        Open = "What upstream shows leaves open how the upgrade stands.";

    /// <summary>The row of each state.</summary>
    public static readonly FrozenDictionary<ActionState, Row> Rows = new Dictionary<ActionState, Row>
    {
        [PreCheckDue] = new(
            RunPreCheck: Documented(First),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: Closed(NeedsCheck),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [PreCheckUnderWay] = new(
            RunPreCheck: Unknown(DuringCheck),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: Closed(NeedsCheck),
            RetryUpgrade: Closed(DuringCheck),
            Confirm: Closed(NoFinishedStage),
            Cancel: Unknown(DuringCheck)
        ),
        [PreCheckFailed] = new(
            RunPreCheck: Documented(AfterMending),
            ConfirmRisks: Documented("A person may confirm the risks that the pre-check found; the next one passes over them."),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: Closed(NeedsCheck),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [PreCheckPassed] = new(
            RunPreCheck: Inferred(Again),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Documented(StepOfCheck),
            StartUpgrade: Documented("The pre-check passed, and its result is valid."),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [PreCheckPassedOver] = new(
            RunPreCheck: Inferred(Again),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Inferred(StepOfCheck),
            StartUpgrade: Inferred("A stage after the pre-check has started, so upstream has let the pre-check pass."),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [PreCheckExpired] = new(
            RunPreCheck: Inferred("The pre-check's result has expired, and the cluster upgrade needs a valid one."),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: Closed("The pre-check's result has expired."),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [SnapshotDue] = new(
            RunPreCheck: Inferred(Again),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Documented(StepOfCheck),
            StartUpgrade: Closed("On this workflow's path the snapshot comes first."),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [SnapshotUnderWay] = new(
            RunPreCheck: Unknown(DuringSnapshot),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Unknown(DuringSnapshot),
            StartUpgrade: Unknown(DuringSnapshot),
            RetryUpgrade: Closed(DuringSnapshot),
            Confirm: Closed(DuringSnapshot),
            Cancel: Unknown(DuringSnapshot)
        ),
        [SnapshotFailed] = new(
            RunPreCheck: Unknown("Nothing is documented about a pre-check after a failed snapshot."),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Inferred("The snapshot failed, and may be taken again."),
            StartUpgrade: Unknown("A snapshot is optional, but nothing is documented about the cluster upgrade after a failed one."),
            RetryUpgrade: Unknown("Nothing is documented about a retry after a failed snapshot."),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotCancelled)
        ),
        [OtherDue] = All(Unknown(OtherTask)),
        [OtherUnderWay] = All(Unknown(OtherTask)),
        [ClusterUnderWay] = All(Closed(DuringUpgrade)),
        [ClusterPaused] = All(Unknown(DuringPause)),
        [ClusterFailed] = new(
            RunPreCheck: Unknown(AfterFailure),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Unknown(AfterFailure),
            StartUpgrade: Unknown(AfterFailure),
            RetryUpgrade: Documented("A retry runs the failed cluster upgrade again; mend the cause first."),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotAdvised) with
            {
                Caution = true,
            }
        ),
        [PreCheckFailedAfterCluster] = new(
            RunPreCheck: Inferred(AfterMending),
            ConfirmRisks: Inferred("A person may confirm the risks that the pre-check found; the next one passes over them."),
            StartSnapshot: Unknown(AfterBothFailures),
            StartUpgrade: Unknown(AfterBothFailures),
            RetryUpgrade: Unknown(AfterBothFailures),
            Confirm: Closed(NoFinishedStage),
            Cancel: Inferred(NotAdvised) with
            {
                Caution = true,
            }
        ),
        [RollingBack] = All(Closed(DuringRollback)),
        [AfterRollback] = All(Unknown(AfterRollbackText)),
        [UpgradeDone] = new(
            RunPreCheck: Closed(AfterCluster),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Closed(AfterCluster),
            StartUpgrade: Closed(AfterCluster),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Documented("The cluster upgrade succeeded; a person confirms by the post-check that cluster and workloads are well."),
            Cancel: Unknown("Nothing is documented about a cancel once the cluster is on the new version.")
        ),
        [PostCheckUnderWay] = All(Closed(DuringPostCheck)),
        [PostCheckFailed] = new(
            RunPreCheck: Closed(AfterCluster),
            ConfirmRisks: Closed(NoRisks),
            StartSnapshot: Closed(AfterCluster),
            StartUpgrade: Closed(AfterCluster),
            RetryUpgrade: Closed(NoFailedStage),
            Confirm: Inferred("The post-check failed, and may be run again once the workloads have recovered."),
            Cancel: Inferred(NotAdvised) with
            {
                Caution = true,
            }
        ),
        [Confirmed] = All(Unknown("All required tasks are done, and upstream has not ended the workflow.")),
        [PendingWithoutFailure] = All(Unknown(Unexplained)),
        [Succeeded] = All(Closed(Ended)),
        [Cancelled] = All(Closed(Ended)),
        [Gone] = All(Unknown(NotKnown)),
        [Unread] = All(Unknown(NotRead)),
        [Undetermined] = All(Unknown(Open)),
    }.ToFrozenDictionary();

    private static Row All(ActionRule rule) => new(rule, rule, rule, rule, rule, rule, rule);

    /// <summary>One rule for each action that is always listed.</summary>
    internal sealed record Row(
        ActionRule RunPreCheck,
        ActionRule ConfirmRisks,
        ActionRule StartSnapshot,
        ActionRule StartUpgrade,
        ActionRule RetryUpgrade,
        ActionRule Confirm,
        ActionRule Cancel
    )
    {
        /// <summary>The rule about an action; null for one that upstream has no call for.</summary>
        public ActionRule? Of(UpgradeAction action) =>
            action switch
            {
                UpgradeAction.RunPreCheck => RunPreCheck,
                UpgradeAction.ConfirmRisks => ConfirmRisks,
                UpgradeAction.StartSnapshot => StartSnapshot,
                UpgradeAction.StartUpgrade => StartUpgrade,
                UpgradeAction.RetryUpgrade => RetryUpgrade,
                UpgradeAction.Confirm => Confirm,
                UpgradeAction.Cancel => Cancel,
                _ => null,
            };
    }
}
