using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Notifications.Tests;

internal static class Samples
{
    public static readonly DateTimeOffset At = new(2026, 11, 23, 20, 14, 30, TimeSpan.Zero);

    /// <summary>A pre-check that failed, in a cluster whose people like other scripts.</summary>
    public static Notification Blocked =>
        new()
        {
            WorkflowId = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1",
            Sequence = 3,
            At = At,
            From = new NotificationState(
                Assessment.Progressing,
                WorkflowPhase.Running,
                UpgradeTaskType.PreCheck,
                BlockingReason.InProgress
            ),
            To = new NotificationState(Assessment.Blocked, WorkflowPhase.Pending, UpgradeTaskType.PreCheck, BlockingReason.TaskFailed),
            Facts = new NotificationFacts
            {
                ProjectId = "0123456789abcdef0123456789abcdef",
                ClusterId = "b4b9e60f-8aa2-11ee-af09-0255ac10004f",
                ClusterName = "checkout-東京-1",
                FromVersion = "v1.27.8-r0",
                TargetVersion = "v1.28.6-r0",
                Headline =
                    "Upgrade of cluster checkout-東京-1 from v1.27.8-r0 to v1.28.6-r0 has been blocked since 2026-11-23 20:13 UTC: the "
                    + "pre-check failed.",
                CreatedAt = At.AddMinutes(-5),
                StartedAt = At.AddMinutes(-2),
                ObservedAt = At,
                Progress = new WorkflowProgress(0, 3, 0),
                Actions =
                [
                    new WorkflowAction
                    {
                        Action = UpgradeAction.RunPreCheck,
                        Allowed = ActionAllowed.Yes,
                        Basis = ActionBasis.Documented,
                        Reason = "Once what it found is mended or confirmed, the pre-check is run again.",
                        By = ActionActor.User,
                        Advised = true,
                    },
                    new WorkflowAction
                    {
                        Action = UpgradeAction.StartUpgrade,
                        Allowed = ActionAllowed.No,
                        Basis = ActionBasis.Inferred,
                        Reason = "The cluster upgrade needs a pre-check that passed.",
                        By = ActionActor.User,
                        Advised = false,
                    },
                ],
                BlockingTask = new BlockingTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "f61e008c",
                    Status = UpgradeTaskStatus.Failed,
                    Reason = BlockingReason.TaskFailed,
                    Since = At.AddMinutes(-1).AddTicks(1234567),
                    BlockedSeconds = 59.8765433,
                    Message = "The pre-check ran for 1 min 12 s and failed 1 min ago; nothing moves until it is run again.",
                    Remediation = "Repair the add-on that the details name, then run the pre-check again.",
                    Details =
                    [
                        new FailureDetail
                        {
                            Name = "CoreDNS add-on status",
                            Group = "AddonCheck",
                            Level = "Fatal",
                            Message = "The add-on coredns is not running: 0 of 2 replicas are ready.",
                            ErrorCodes = ["AddonAbnormal"],
                        },
                    ],
                },
            },
        };

    public static Notification Completed =>
        Blocked with
        {
            Sequence = 7,
            From = Blocked.To,
            To = new NotificationState(Assessment.Completed, WorkflowPhase.Success, null, null),
            Final = true,
            Facts = Blocked.Facts with
            {
                BlockingTask = null,
                Actions = null,
                EndedAt = At,
                Progress = new WorkflowProgress(3, 3, 100),
                Headline = "Upgrade of cluster checkout-東京-1 is complete.",
            },
        };

    /// <summary>Everything that could turn into something, and as long as facts can be.</summary>
    public static Notification Hostile(string text)
    {
        string Long(int most) => ForeignText.OneLine(string.Concat(Enumerable.Repeat(text, most)), most);
        return Blocked with
        {
            To = Blocked.To with { Phase = new WorkflowPhase(text) },
            Facts = Blocked.Facts with
            {
                ClusterName = Long(100),
                FromVersion = Long(64),
                Headline = Long(500),
                BlockingTask = Blocked.Facts.BlockingTask! with
                {
                    Type = new UpgradeTaskType(text),
                    Message = Long(1500),
                    Remediation = Long(1000),
                    Details =
                    [
                        .. Enumerable.Repeat(
                            new FailureDetail
                            {
                                Name = Long(100),
                                Level = Long(64),
                                Message = Long(300),
                            },
                            NotificationFacts.MaxDetails
                        ),
                    ],
                },
            },
        };
    }
}
