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
            RunPreCheck: DocumentedYes(First),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: InferredNo(NeedsCheck),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [PreCheckUnderWay] = new(
            RunPreCheck: Unknown(DuringCheck),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: InferredNo(NeedsCheck),
            RetryUpgrade: InferredNo(DuringCheck),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: Unknown(DuringCheck)
        ),
        [PreCheckFailed] = new(
            RunPreCheck: DocumentedYes(AfterMending),
            ConfirmRisks: DocumentedYes("A person may confirm the risks that the pre-check found; the next one passes over them."),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: InferredNo(NeedsCheck),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [PreCheckPassed] = new(
            RunPreCheck: InferredYes(Again),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: DocumentedYes(StepOfCheck),
            StartUpgrade: DocumentedYes("The pre-check passed, and its result is valid."),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [PreCheckPassedOver] = new(
            RunPreCheck: InferredYes(Again),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: InferredYes(StepOfCheck),
            StartUpgrade: InferredYes("A stage after the pre-check has started, so upstream has let the pre-check pass."),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [PreCheckExpired] = new(
            RunPreCheck: InferredYes("The pre-check's result has expired, and the cluster upgrade needs a valid one."),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: Unknown(SnapshotAfterCheck),
            StartUpgrade: InferredNo("The pre-check's result has expired."),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [SnapshotDue] = new(
            RunPreCheck: InferredYes(Again),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: DocumentedYes(StepOfCheck),
            StartUpgrade: InferredNo("On this workflow's path the snapshot comes first."),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [SnapshotUnderWay] = new(
            RunPreCheck: Unknown(DuringSnapshot),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: Unknown(DuringSnapshot),
            StartUpgrade: Unknown(DuringSnapshot),
            RetryUpgrade: InferredNo(DuringSnapshot),
            Confirm: InferredNo(DuringSnapshot),
            Cancel: Unknown(DuringSnapshot)
        ),
        [SnapshotFailed] = new(
            RunPreCheck: Unknown("Nothing is documented about a pre-check after a failed snapshot."),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: InferredYes("The snapshot failed, and may be taken again."),
            StartUpgrade: Unknown("A snapshot is optional, but nothing is documented about the cluster upgrade after a failed one."),
            RetryUpgrade: Unknown("Nothing is documented about a retry after a failed snapshot."),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotCancelled)
        ),
        [OtherDue] = All(Unknown(OtherTask)),
        [OtherUnderWay] = All(Unknown(OtherTask)),
        [ClusterUnderWay] = All(InferredNo(DuringUpgrade)),
        [ClusterPaused] = All(Unknown(DuringPause)),
        [ClusterFailed] = new(
            RunPreCheck: Unknown(AfterFailure),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: Unknown(AfterFailure),
            StartUpgrade: Unknown(AfterFailure),
            RetryUpgrade: DocumentedYes("A retry runs the failed cluster upgrade again; mend the cause first."),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotAdvised) with
            {
                Caution = true,
            }
        ),
        [PreCheckFailedAfterCluster] = new(
            RunPreCheck: InferredYes(AfterMending),
            ConfirmRisks: InferredYes("A person may confirm the risks that the pre-check found; the next one passes over them."),
            StartSnapshot: Unknown(AfterBothFailures),
            StartUpgrade: Unknown(AfterBothFailures),
            RetryUpgrade: Unknown(AfterBothFailures),
            Confirm: InferredNo(NoFinishedStage),
            Cancel: InferredYes(NotAdvised) with
            {
                Caution = true,
            }
        ),
        [RollingBack] = All(InferredNo(DuringRollback)),
        [AfterRollback] = All(Unknown(AfterRollbackText)),
        [UpgradeDone] = new(
            RunPreCheck: InferredNo(AfterCluster),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: InferredNo(AfterCluster),
            StartUpgrade: InferredNo(AfterCluster),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: DocumentedYes(
                "The cluster upgrade succeeded; a person confirms by the post-check that cluster and workloads are well."
            ),
            Cancel: Unknown("Nothing is documented about a cancel once the cluster is on the new version.")
        ),
        [PostCheckUnderWay] = All(InferredNo(DuringPostCheck)),
        [PostCheckFailed] = new(
            RunPreCheck: InferredNo(AfterCluster),
            ConfirmRisks: InferredNo(NoRisks),
            StartSnapshot: InferredNo(AfterCluster),
            StartUpgrade: InferredNo(AfterCluster),
            RetryUpgrade: InferredNo(NoFailedStage),
            Confirm: InferredYes("The post-check failed, and may be run again once the workloads have recovered."),
            Cancel: InferredYes(NotAdvised) with
            {
                Caution = true,
            }
        ),
        [Confirmed] = All(Unknown("All required tasks are done, and upstream has not ended the workflow.")),
        [PendingWithoutFailure] = All(Unknown(Unexplained)),
        [Succeeded] = All(InferredNo(Ended)),
        [Cancelled] = All(InferredNo(Ended)),
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
