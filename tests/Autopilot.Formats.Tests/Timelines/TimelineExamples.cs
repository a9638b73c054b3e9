using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Tests.Timelines;

/// <summary>Timelines as they come, and as they should not.</summary>
internal static class TimelineExamples
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, UpgradeTimeline> All { get; } =
        new Dictionary<string, UpgradeTimeline>
        {
            ["unread"] = new() { WorkflowId = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1", ClusterName = "checkout-jakarta-1" },
            ["no-tasks"] = Of([], Start, Start, null, []),
            ["not-started"] = Of(
                [
                    Task("PreCheck", "NotStarted"),
                    Task("Snapshot", "NotStarted", false),
                    Task("Cluster", "NotStarted"),
                    Task("PostCheck", "NotStarted"),
                ],
                Start,
                Minute(7),
                null,
                [Wait("PreCheck", 0, null, 7)]
            ),
            ["failed-check-then-running"] = Of(
                [
                    Task("PreCheck", "Success"),
                    Task("Snapshot", "NotStarted", false),
                    Task("Cluster", "Running"),
                    Task("PostCheck", "NotStarted"),
                ],
                Start,
                Minute(31),
                null,
                [
                    Wait("PreCheck", 0, 3, 3),
                    Run("PreCheck", "Failed", 3, 4.2),
                    Blocked("PreCheck", 4.2, 18.2, 14, "Failed", BlockingReason.TaskFailed),
                    Run("PreCheck", "Success", 18.2, 19.3),
                    Wait("Cluster", 19.3, 22.3, 3),
                    Run("Cluster", "Running", 22.3, null, 8.7),
                ]
            ),
            ["completed"] = Of(
                [Task("PreCheck", "Success"), Task("Snapshot", "Success", false), Task("Cluster", "Success"), Task("PostCheck", "Success")],
                Start,
                Minute(92.4),
                Minute(92.4),
                [
                    Wait("PreCheck", 0, 3, 3),
                    Run("PreCheck", "Success", 3, 4),
                    Run("Snapshot", "Success", 6, 8.4),
                    Wait("Cluster", 4, 12, 8),
                    Run("Cluster", "Success", 12, 29.5),
                    Wait("PostCheck", 29.5, 91.8, 62.3),
                    Run("PostCheck", "Success", 91.8, 92.4),
                ]
            ),
            ["check-expires"] = Of(
                [Task("PreCheck", "Success", expires: 64), Task("Cluster", "NotStarted"), Task("PostCheck", "NotStarted")],
                Start,
                Minute(52),
                null,
                [Wait("PreCheck", 0, 3, 3), Run("PreCheck", "Success", 3, 4), Wait("Cluster", 4, null, 48)]
            ),
            ["check-expired"] = Of(
                [Task("PreCheck", "Success", expires: 64), Task("Cluster", "NotStarted"), Task("PostCheck", "NotStarted")],
                Start,
                Minute(190),
                null,
                [
                    Wait("PreCheck", 0, 3, 3),
                    Run("PreCheck", "Success", 3, 4),
                    Wait("Cluster", 4, 64, 60),
                    Blocked("PreCheck", 64, null, 126, "Success", BlockingReason.PreCheckExpired),
                ]
            ),
            ["paused-and-unknown"] = Of(
                [Task("PreCheck", "Success"), Task("Cluster", "Pause"), Task("NodeDrain", "Draining"), Task("PostCheck", "NotStarted")],
                Start,
                Minute(70),
                null,
                [
                    Run("PreCheck", "Success", 1, 2),
                    Wait("Cluster", 2, 9, 7),
                    Run("Cluster", "Pause", 9, null, 61),
                    Run("NodeDrain", "Draining", 20, null, null),
                ]
            ),
            ["rolled-back"] = Of(
                [
                    Task("PreCheck", "Success"),
                    Task("Cluster", "Failed"),
                    Task("PostCheck", "NotStarted"),
                    Task("Rollback", "Running", false),
                ],
                Start,
                Minute(40),
                null,
                [
                    Run("PreCheck", "Success", 3, 4),
                    Wait("Cluster", 4, 9, 5),
                    Run("Cluster", "Failed", 9, 20.7),
                    Blocked("Cluster", 20.7, 26, 5.3, "Failed", BlockingReason.TaskFailed),
                    Run("Rollback", "Running", 26, null, 14),
                ]
            ),
            ["queued-paused-expired"] = Of(
                [Task("PreCheck", "Success"), Task("Cluster", "Pause"), Task("PostCheck", "NotStarted")],
                Start,
                Minute(220),
                null,
                [
                    Wait("PreCheck", 0, 3, 3),
                    Run("PreCheck", "Failed", 3, 8) with
                    {
                        FailedOn = "CoreDNS add-on status and etcd",
                    },
                    Blocked("PreCheck", 8, 30, 22, "Failed", BlockingReason.TaskFailed),
                    Run("PreCheck", "Success", 30, 32),
                    Wait("Cluster", 32, 92, 60),
                    Blocked("PreCheck", 92, 110, 18, "Success", BlockingReason.PreCheckExpired),
                    Run("PreCheck", "Success", 110, 112),
                    Wait("Cluster", 112, 120, 8),
                    new(new("Cluster"), TimelineKind.Queue, new("Queuing"), Minute(120), Minute(170), 3000),
                    Run("Cluster", "Pause", 170, null, 50),
                    Blocked("Cluster", 190, null, 30, "Pause", BlockingReason.Paused),
                ]
            ) with
            {
                Assessment = Assessment.Blocked,
                Headline =
                    "Upgrade of checkout-jakarta-1 has been blocked since 2026-11-23 11:10 UTC: the cluster upgrade is paused; resume it.",
            },
            ["two-weeks-between-minutes"] = Of(
                [Task("PreCheck", "Success"), Task("Cluster", "Success"), Task("PostCheck", "Running")],
                Start,
                Start.AddDays(29),
                null,
                [
                    Wait("PreCheck", 0, 5, 5),
                    Run("PreCheck", "Success", 5, 6),
                    Wait("Cluster", 6, 20166, 20160),
                    Run("Cluster", "Success", 20166, 20167),
                    Wait("PostCheck", 20167, 41759, 21592),
                    Run("PostCheck", "Running", 41759, null, 1),
                ]
            ),
            ["hundred-attempts"] = Of(
                [Task("PreCheck", "Failed"), Task("Cluster", "NotStarted"), Task("PostCheck", "NotStarted")],
                Start,
                Minute(1010),
                null,
                [
                    Wait("PreCheck", 0, 3, 3),
                    .. Enumerable
                        .Range(0, 100)
                        .SelectMany(i =>
                            new[]
                            {
                                Run("PreCheck", "Failed", 3 + i * 10, 4.2 + i * 10),
                                Blocked(
                                    "PreCheck",
                                    4.2 + i * 10,
                                    i == 99 ? null : 13 + i * 10,
                                    i == 99 ? 15.8 : 8.8,
                                    "Failed",
                                    BlockingReason.TaskFailed
                                ),
                            }
                        ),
                ]
            ),
            ["foreign-words"] = Of(
                [
                    Task("</text><script>alert(1)</script>", "Success"),
                    Task("升级前检查升级前检查升级前检查升级前检查升级前检查升级前检查升级前检查", "正在进行中的状态", expires: 700),
                ],
                Start,
                Minute(600),
                null,
                [
                    Run("</text><script>alert(1)</script>", "Success", 3, 400),
                    Run("升级前检查升级前检查升级前检查升级前检查升级前检查升级前检查升级前检查", "正在进行中的状态", 410, 500),
                ]
            ) with
            {
                ClusterName = "支付集群-上海-生产-第一-支付集群-上海-生产-第一 & <b>\u202Ecod</b>",
            },
        };

    private static UpgradeTimeline Of(
        IReadOnlyList<TimelineTask> tasks,
        DateTimeOffset from,
        DateTimeOffset to,
        DateTimeOffset? ended,
        IReadOnlyList<TimelineRow> rows
    ) =>
        new()
        {
            WorkflowId = "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1",
            ClusterName = "checkout-jakarta-1",
            FromVersion = "v1.27.8-r0",
            TargetVersion = "v1.28.6-r0",
            From = from,
            To = to,
            EndedAt = ended,
            Tasks = tasks,
            Rows = [.. rows.OrderBy(row => row.StartedAt)],
        };

    private static DateTimeOffset Minute(double minute) => Start.AddMinutes(minute);

    private static TimelineTask Task(string task, string status, bool required = true, double? expires = null) =>
        new(new(task), new(status), required, expires is { } minute ? Minute(minute) : null);

    private static TimelineRow Run(string task, string status, double from, double? to, double? minutes = null) =>
        new(
            new(task),
            TimelineKind.Run,
            new(status),
            Minute(from),
            to is { } end ? Minute(end) : null,
            to is { } known ? (known - from) * 60 : minutes * 60
        );

    private static TimelineRow Blocked(string task, double from, double? to, double minutes, string status, BlockingReason reason) =>
        new(new(task), TimelineKind.Blocked, new(status), Minute(from), to is { } end ? Minute(end) : null, minutes * 60)
        {
            Reason = reason,
        };

    private static TimelineRow Wait(string task, double from, double? to, double minutes, string status = "NotStarted") =>
        new(new(task), TimelineKind.Wait, new(status), Minute(from), to is { } end ? Minute(end) : null, minutes * 60);
}
