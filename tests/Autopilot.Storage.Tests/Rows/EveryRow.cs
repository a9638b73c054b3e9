using System.Text;
using Autopilot.Core.Notifications;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Rows;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Autopilot.Core.Tracking.FanOut;
using Autopilot.Core.Upstream;
using Autopilot.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Storage.Tests.Rows;

/// <summary>
/// Writes one row of every kind, with every column, through the stores: always the same values, so that two versions can be compared.
/// </summary>
internal sealed class EveryRow(IServiceProvider services)
{
    public const string New = "wf-new",
        Active = "wf-active",
        Packed = "wf-packed",
        Finished = "wf-finished",
        Untracked = "wf-untracked",
        Found = "wf-found",
        Gone = "wf-gone";
    public const string Cluster = "cluster-1",
        LargeCluster = "cluster-2",
        Project = "project-1",
        LargeProject = "project-2";

    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly NotificationState Running = new(
        Assessment.Progressing,
        WorkflowPhase.Running,
        UpgradeTaskType.Cluster,
        BlockingReason.InProgress
    );
    private static readonly NotificationState Blocked = new(
        Assessment.Blocked,
        WorkflowPhase.Pending,
        UpgradeTaskType.Cluster,
        BlockingReason.TaskFailed
    );

    private TableWorkflowStore Store => services.GetRequiredService<TableWorkflowStore>();

    public static StoredBaseline Baseline { get; } =
        new(
            new Baseline([
                new BaselineEntry(UpgradeTaskType.Cluster, "v1.30", AttemptDurations.Of([60.5, 61, 90.25])),
                new BaselineEntry(UpgradeTaskType.PreCheck, null, AttemptDurations.Of([1, 2, 3])),
            ]),
            Noon.AddHours(4)
        );

    public static RetentionRecord Retention { get; } =
        new(
            Noon.AddHours(5),
            new RetentionResult
            {
                Workflows = 2,
                States = 31,
                Runs = 4,
                Complete = false,
                DurationSeconds = 1.5,
                Errors = ["The budget is spent."],
            }
        );

    public static UndeliveredNotification Undelivered { get; } =
        new()
        {
            Webhook = "hook",
            Id = $"{Active}.1.1777896000",
            WorkflowId = Active,
            Sequence = 1,
            At = Noon,
            GivenUpAt = Noon.AddDays(3),
            Attempts = 50,
            Error = "It answered 500.",
            Headline = "It is blocked.",
        };

    public static IReadOnlyDictionary<string, DeliveryCursor> Cursors { get; } =
        new Dictionary<string, DeliveryCursor> { ["hook"] = new(1), ["other"] = new(0, 3, Noon.AddMinutes(9), "It answered 503.") };

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await Store.TrackAsync(Target(New), "checkout", Noon, onlyIfUnknown: false, cancellationToken);

        var active = await TrackedAsync(Active, cancellationToken);
        active = await WrittenAsync(Change(active, "A", "Running"), cancellationToken);
        active = await WrittenAsync(Telling(Change(active, "B", "Pending"), 1), cancellationToken);
        active = await WrittenAsync(Telling(Failing(active, 4), 2), cancellationToken);
        await DeliverAsync(cancellationToken);

        var packed = await TrackedAsync(Packed, cancellationToken);
        await WrittenAsync(Change(packed, "A", "Running", large: true), cancellationToken);

        var finished = await WrittenAsync(
            Ended(Change(await TrackedAsync(Finished, cancellationToken), "A", "Success"), WorkflowOutcome.Succeeded),
            cancellationToken
        );
        await Store.FinishAsync(finished, FinishedUpgrade.Of(finished), cancellationToken);

        var gone = await WrittenAsync(Change(await TrackedAsync(Gone, cancellationToken), "A", "Running"), cancellationToken);
        gone = await WrittenAsync(Ended(Failing(gone, 2), WorkflowOutcome.Gone), cancellationToken);
        await Store.FinishAsync(gone, FinishedUpgrade.Of(gone), cancellationToken);

        await WrittenAsync(Change(await TrackedAsync(Untracked, cancellationToken), "A", "Running"), cancellationToken);
        await Store.UntrackAsync(Untracked, cancellationToken);

        var found = (
            await Clusters.RecordAsync(
                Ended(
                    Change(
                        new TrackedWorkflow
                        {
                            Target = Target(Found),
                            TrackedAt = Noon,
                            SeenLive = false,
                        },
                        "A",
                        "Cancel"
                    ),
                    WorkflowOutcome.Cancelled
                ),
                cancellationToken
            )
        )!;
        await Store.FinishAsync(found, FinishedUpgrade.Of(found), cancellationToken);

        await WriteFleetAsync(cancellationToken);
        await WriteBoardsAsync(cancellationToken);
        await services.GetRequiredService<IBaselineStore>().WriteBaselineAsync(Baseline, cancellationToken);
        await services.GetRequiredService<IRetentionStore>().WriteLastAsync(Retention, cancellationToken);
    }

    private IClusterStore Clusters => services.GetRequiredService<IClusterStore>();

    private static WorkflowTarget Target(string id) => new(Project, Cluster, id);

    private async Task<TrackedWorkflow> TrackedAsync(string id, CancellationToken cancellationToken) =>
        (await Store.TrackAsync(Target(id), null, Noon, onlyIfUnknown: false, cancellationToken)).Workflow;

    private async Task<TrackedWorkflow> WrittenAsync(WorkflowWrite write, CancellationToken cancellationToken)
    {
        var report = await Store.WriteAsync(Shard.Of(write.After.Target.WorkflowId), [write], null, cancellationToken);
        Assert.Equal([WriteOutcome.Committed], report.Outcomes);
        return report.Committed(0, write);
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var outbox = services.GetRequiredService<INotificationOutbox>();
        var waiting = Assert.Single(await outbox.ReadAsync(Shard.Of(Active), cancellationToken), queue => queue.WorkflowId == Active);
        waiting = (await outbox.ClaimAsync(waiting, Noon.AddMinutes(5), cancellationToken))!;
        Assert.True(await outbox.CommitProgressAsync(waiting, 1, Cursors, [Undelivered], cancellationToken));
    }

    private async Task WriteFleetAsync(CancellationToken cancellationToken)
    {
        var failure = new PollFailure(UpstreamFailure.Unavailable, "CCE.01500", "No answer.", Noon, 3);
        var cluster = (
            await Clusters.TrackClusterAsync(
                new TrackedCluster
                {
                    ProjectId = Project,
                    ClusterId = Cluster,
                    TrackedAt = Noon,
                    NextDiscoveryAt = Noon,
                    Origin = DiscoveryOrigin.Settings,
                },
                onlyIfUnknown: true,
                cancellationToken
            )
        ).Row;
        var large = (
            await Clusters.TrackClusterAsync(
                new TrackedCluster
                {
                    ProjectId = Project,
                    ClusterId = LargeCluster,
                    Name = "large",
                    TrackedAt = Noon,
                    NextDiscoveryAt = Noon,
                    Origin = DiscoveryOrigin.Project,
                },
                onlyIfUnknown: true,
                cancellationToken
            )
        ).Row;
        await Clusters.WriteAsync(
            Shard.Of(Cluster),
            [
                cluster with
                {
                    Name = "checkout",
                    NameReadAt = Noon,
                    NamePassedOn = "checkout",
                    DiscoveredAt = Noon,
                    NextDiscoveryAt = Noon.AddMinutes(5),
                    Listed = 2,
                    Settled = [Active, Finished],
                    CurrentWorkflowId = Active,
                    Failure = failure,
                },
            ],
            [],
            cancellationToken
        );
        await Clusters.WriteAsync(
            Shard.Of(LargeCluster),
            [large with { Settled = [.. Enumerable.Range(0, 4000).Select(i => $"workflow-{i:d6}")] }],
            [],
            cancellationToken
        );
        var project = (
            await Clusters.TrackProjectAsync(
                new TrackedProject
                {
                    ProjectId = Project,
                    TrackedAt = Noon,
                    NextListAt = Noon,
                },
                onlyIfUnknown: false,
                cancellationToken
            )
        ).Row;
        var many = (
            await Clusters.TrackProjectAsync(
                new TrackedProject
                {
                    ProjectId = LargeProject,
                    TrackedAt = Noon,
                    NextListAt = Noon,
                    Origin = DiscoveryOrigin.Settings,
                },
                onlyIfUnknown: true,
                cancellationToken
            )
        ).Row;
        await Clusters.WriteAsync(
            Shard.Of(Project),
            [],
            [
                project with
                {
                    ListedAt = Noon,
                    NextListAt = Noon.AddHours(1),
                    Clusters = [new ListedCluster(Cluster, "checkout 東京"), new ListedCluster(LargeCluster, null)],
                    Failure = failure,
                },
            ],
            cancellationToken
        );
        await Clusters.WriteAsync(
            Shard.Of(LargeProject),
            [],
            [many with { Clusters = [.. Enumerable.Range(0, 4000).Select(i => new ListedCluster($"cluster-{i:d6}", $"name {i}"))] }],
            cancellationToken
        );
    }

    private async Task WriteBoardsAsync(CancellationToken cancellationToken)
    {
        var status = new ShardStatus
        {
            StartedAt = Noon,
            CompletedAt = Noon.AddSeconds(3),
            Active = 3,
            Polled = 2,
            Changed = 1,
            Failed = 1,
            LastError = "Upstream refused.",
        };
        await services.GetRequiredService<IShardStatusStore>().WriteAsync(Shard.Of(Active), status, cancellationToken);
        var kept = (await Store.ReadShardAsync(Shard.Of(Active), cancellationToken)).Status;
        Assert.NotNull(
            await services
                .GetRequiredService<IShardStatusStore>()
                .TakeLeaseAsync(Shard.Of(Active), kept, new ShardLease("holder", Noon.AddMinutes(2)), cancellationToken)
        );
    }

    private static WorkflowWrite Ended(WorkflowWrite write, WorkflowOutcome outcome) =>
        write with
        {
            After = write.After with { Outcome = outcome, EndedAt = Noon.AddHours(1) },
        };

    private static WorkflowWrite Failing(TrackedWorkflow before, int minute) =>
        new(
            before,
            before with
            {
                NextPollAt = Noon.AddMinutes(minute + 1),
                Failure = new PollFailure(UpstreamFailure.NotFound, "CCE.01404001", "Resource not found.", Noon.AddMinutes(minute), 3),
                GoneSince = Noon.AddMinutes(minute).AddTicks(1234567),
                TaskFailures =
                [
                    .. before.TaskFailures,
                    new TaskFailure
                    {
                        Type = UpgradeTaskType.Cluster,
                        TaskId = "task-2",
                        Details =
                        [
                            new FailureDetail
                            {
                                Name = "Cluster",
                                Message = "It broke.",
                                ErrorCodes = ["CCE.1", "CCE.2"],
                            },
                        ],
                    },
                ],
            },
            null
        );

    private static WorkflowWrite Telling(WorkflowWrite write, long sequence) =>
        write with
        {
            After = write.After with { LastNotified = new LastNotified(Blocked, sequence) },
            Notification = new Notification
            {
                WorkflowId = write.After.Target.WorkflowId,
                Sequence = sequence,
                At = Noon.AddTicks(1234567),
                From = Running,
                To = Blocked,
                Facts = new NotificationFacts
                {
                    ProjectId = Project,
                    ClusterId = Cluster,
                    ClusterName = "checkout 東京",
                    FromVersion = "v1.28.6-r0",
                    TargetVersion = "v1.30.4-r0",
                    Headline = "It is blocked.",
                    CreatedAt = Noon,
                    Progress = new WorkflowProgress(1, 3, 33),
                    BlockingTask = new BlockingTask
                    {
                        Type = UpgradeTaskType.Cluster,
                        Status = UpgradeTaskStatus.Failed,
                        Reason = BlockingReason.TaskFailed,
                        Since = Noon,
                        Message = "m",
                        Remediation = "r",
                        Details = [new FailureDetail { Name = "d" }],
                    },
                },
            },
        };

    /// <param name="large">Makes every text that has no bound longer than a property holds, so that it is packed into parts.</param>
    private static WorkflowWrite Change(TrackedWorkflow before, string content, string phase, bool large = false)
    {
        var now = Noon.AddMinutes(before.Sequence + 1);
        var failed = new UpgradeTask
        {
            Type = UpgradeTaskType.Cluster,
            TaskId = "task-2",
            Status = UpgradeTaskStatus.Failed,
            StartedAt = Noon.AddMinutes(2),
            EndedAt = Noon.AddMinutes(4),
        };
        var state = new UpgradeWorkflow
        {
            Id = before.Target.WorkflowId,
            ClusterId = before.Target.ClusterId,
            FromVersion = "v1.28.6-r0",
            TargetVersion = "v1.30.4-r0",
            Phase = WorkflowPhase.From(phase),
            CreatedAt = Noon,
            Tasks =
            [
                new UpgradeTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "task-1",
                    Status = UpgradeTaskStatus.Success,
                    StartedAt = Noon.AddTicks(1234567),
                    EndedAt = Noon.AddMinutes(1),
                    ExpiresAt = Noon.AddHours(1),
                },
                .. Enumerable.Repeat(failed, large ? 400 : 1),
                new UpgradeTask { Type = UpgradeTaskType.From("NodePool"), Status = UpgradeTaskStatus.From("Paused") },
            ],
            Dependencies = [new TaskDependency(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster)],
            UnreadableTimes = [new UnreadableTime(UpgradeTaskType.Cluster, "endTimeStamp", "later")],
            LeftOut = 3,
        };
        var run = new TaskAttempt
        {
            Type = UpgradeTaskType.Cluster,
            TaskId = "task-2",
            Status = UpgradeTaskStatus.Failed,
            StartedAt = Noon.AddMinutes(2),
            EndedAt = Noon.AddMinutes(4),
            StatusSince = now,
            LastSeenAt = now,
        };
        var words = new TaskFailure
        {
            Type = UpgradeTaskType.Cluster,
            TaskId = "task-2",
            StartedAt = Noon.AddMinutes(2),
            Omitted = 4,
            Details =
            [
                .. Enumerable.Repeat(
                    new FailureDetail
                    {
                        Name = "node 1",
                        Kind = "Exception",
                        Group = "NodeCheck",
                        Level = "Fatal",
                        Message = large ? new string('m', 1000) : "m",
                        ErrorCodes = ["CCE.1"],
                        RiskSources = ["a/b"],
                    },
                    large ? 50 : 1
                ),
            ],
        };
        var after = before with
        {
            Sequence = before.Sequence + 1,
            Hash = content,
            State = state,
            Runs =
            [
                new TaskAttempt
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "task-1",
                    Status = UpgradeTaskStatus.Success,
                    StartedAt = Noon.AddTicks(1234567),
                    EndedAt = Noon.AddMinutes(1),
                    ExpiresAt = Noon.AddHours(1),
                    StatusSince = now,
                    LastSeenAt = now,
                    Superseded = true,
                },
                .. Enumerable.Repeat(run, large ? 300 : 1),
            ],
            TaskFailures = [words],
            PhaseSince = now,
            LastChangedAt = now,
            ObservedAt = now,
            NextPollAt = now.AddSeconds(30),
        };
        var entry = new HistoryEntry
        {
            Sequence = after.Sequence,
            ObservedAt = now,
            Phase = state.Phase,
            Assessment = Assessment.Blocked,
            Hash = content,
            Changes =
            [
                .. Enumerable.Repeat(new StateChange(UpgradeTaskType.Cluster, "status", "Running", "Failed"), large ? 900 : 1),
                new StateChange(null, "phase", null, phase),
            ],
        };
        return new WorkflowWrite(
            before,
            after,
            new HistoryState(
                entry,
                Encoding.UTF8.GetBytes($$"""{"spec":{},"status":{"content":"{{content}}{{(large ? new string('x', 40_000) : "")}}"} }""")
            )
        );
    }
}
