using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Tests.Summaries;

/// <summary>Every summary of the corpus, and some that it does not have.</summary>
internal static class SummaryExamples
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 20, 14, 0, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, WorkflowSummary> Corpus => CorpusSummaries.All;

    public static WorkflowSummary Blocked => Corpus["constructed-why-both-failed"];

    public static WorkflowSummary Slow { get; } =
        new()
        {
            Id = "7f9c24e8-3b12-4fef-91c1-6d2f0d1f1a11",
            ClusterId = "b4b9e60f-8aa2-11ee-af09-0255ac10004f",
            ClusterName = "支付集群-上海-生产",
            FromVersion = "v1.27.8-r0",
            TargetVersion = "v1.28.6-r0",
            Phase = WorkflowPhase.Running,
            Assessment = Assessment.Slow,
            Headline =
                "Upgrade of cluster 支付集群-上海-生产 from v1.27.8-r0 to v1.28.6-r0 is slow: the cluster upgrade has been running for 25 "
                + "min, since 2026-11-23 19:49 UTC; watch it, it takes longer than most.",
            CreatedAt = Now.AddHours(-2),
            StartedAt = Now.AddHours(-1),
            ObservedAt = Now,
            Stale = false,
            Tracked = true,
            Sequence = 5,
            ElapsedSeconds = 7200,
            ActiveSeconds = 1561,
            WaitingSeconds = 5639,
            Progress = new(1, 3, 33),
            BlockingTask = new()
            {
                Type = UpgradeTaskType.Cluster,
                Status = UpgradeTaskStatus.Running,
                Reason = BlockingReason.InProgress,
                Since = Now.AddMinutes(-25),
                BlockedSeconds = 1500,
                Message = "The cluster upgrade has been running for 25 min.",
                Remediation = "Watch it; it counts as stalled after 32 min.",
            },
            Tasks = [Task("PreCheck", "Success", 62, 600), Task("Cluster", "Running", 1500, 60), Task("PostCheck", "NotStarted")],
            Estimate = new(38, 1204, Now.AddSeconds(38), "History", 12),
            Insights =
            [
                new Insight
                {
                    Code = "SlowTask",
                    Level = InsightLevel.Info,
                    Task = UpgradeTaskType.Cluster,
                    Since = Now,
                    Summary = "The cluster upgrade has been running for more than 14 min 10 s; of 40 earlier runs 80 % took no longer.",
                    Remediation = "Watch it.",
                },
            ],
        };

    /// <summary>More than anybody has seen: 50 tasks, one of them attempted a hundred times, and upstream with much to say.</summary>
    public static WorkflowSummary Huge { get; } =
        Slow with
        {
            ClusterName = "checkout-jakarta-1",
            Assessment = Assessment.Blocked,
            Headline =
                "Upgrade of cluster checkout-jakarta-1 from v1.27.8-r0 to v1.28.6-r0 has been blocked since 2026-11-23 20:13 UTC: "
                + "the pre-check failed after 1 min 12 s on 'Check 0' and 49 more; mend what it found and run it again.",
            BlockingTask = Slow.BlockingTask! with
            {
                Reason = BlockingReason.TaskFailed,
                Status = UpgradeTaskStatus.Failed,
                Message = "The pre-check ran for 1 min 12 s and failed 1 h ago; nothing moves until it is run again.",
                Remediation = "Mend what the details name, then run the pre-check again.",
                Details =
                [
                    .. Enumerable
                        .Range(0, 50)
                        .Select(i => new FailureDetail
                        {
                            Name = $"Check {i}",
                            Level = "Fatal",
                            Group = "NodeCheck",
                            Message = string.Concat(Enumerable.Repeat($"node-{i} is not ready and must be mended. ", 24)),
                            ErrorCodes = ["NodeAbnormal"],
                            RiskSources = [.. Enumerable.Range(0, 9).Select(node => $"node-{node}")],
                        }),
                ],
            },
            Tasks =
            [
                Task("PreCheck", "Failed", 72, 180) with
                {
                    Attempts = 100,
                    Runs =
                    [
                        .. Enumerable
                            .Range(0, 100)
                            .Select(i => new TaskAttemptSummary
                            {
                                Status = UpgradeTaskStatus.Failed,
                                StartedAt = Now.AddMinutes(i - 200),
                                EndedAt = Now.AddMinutes(i - 199),
                                DurationSeconds = 60,
                            }),
                    ],
                },
                .. Enumerable.Range(1, 49).Select(i => Task($"NodePoolUpgrade{i}", "NotStarted")),
            ],
            Progress = new(0, 50, 0),
            Estimate = null,
            Insights =
            [
                .. Enumerable
                    .Range(0, 30)
                    .Select(i => new Insight
                    {
                        Code = "UnknownValue",
                        Level = InsightLevel.Warning,
                        Task = new($"NodePoolUpgrade{i}"),
                        Summary = $"'NodePoolUpgrade{i}' is a type of task that this version does not know.",
                        Remediation = "Look it up in Huawei's API reference.",
                    }),
            ],
        };

    /// <summary>A summary that says foreign words wherever it can.</summary>
    public static WorkflowSummary Said(string name, string word, string sentence) =>
        Huge with
        {
            Id = name,
            ClusterId = word,
            ClusterName = name,
            FromVersion = word,
            TargetVersion = name,
            Headline = sentence,
            Stale = true,
            Tracked = false,
            BlockingTask = Huge.BlockingTask! with
            {
                Type = new(word),
                Status = new(name),
                Message = sentence,
                Remediation = name,
                Details =
                [
                    .. Enumerable
                        .Range(0, 12)
                        .Select(_ => new FailureDetail
                        {
                            Name = name,
                            Level = word,
                            Kind = word,
                            Group = sentence,
                            Message = sentence,
                            ErrorCodes = [word, name],
                            RiskSources = [sentence, word],
                        }),
                ],
            },
            Tasks =
            [
                Task(name, word, 1, 2) with
                {
                    Attempts = 2,
                    Runs = [Huge.Tasks[0].Runs[0] with { Status = new(sentence) }, Huge.Tasks[0].Runs[1]],
                },
                Task(sentence, name) with
                {
                    Time = new(1, 2, 3, 4, 5),
                },
                Task(word, sentence),
            ],
            Insights =
            [
                new Insight
                {
                    Code = word,
                    Level = InsightLevel.Error,
                    Task = new(name),
                    Summary = sentence,
                    Remediation = word,
                },
                new Insight
                {
                    Code = "StaleData",
                    Level = InsightLevel.Warning,
                    Summary = sentence,
                    Remediation = name,
                },
            ],
        };

    public static TaskSummary Task(string type, string status, double? ran = null, double? waited = null) =>
        new()
        {
            Type = new(type),
            Status = new(status),
            Required = true,
            Attempts = ran is null ? 0 : 1,
            DurationSeconds = ran,
            WaitSeconds = waited,
            Runs = ran is null
                ? []
                :
                [
                    new TaskAttemptSummary
                    {
                        Status = new(status),
                        StartedAt = Now,
                        DurationSeconds = ran,
                    },
                ],
        };
}
