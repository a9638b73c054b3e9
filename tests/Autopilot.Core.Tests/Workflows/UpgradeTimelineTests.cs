using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

public sealed class UpgradeTimelineTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 23, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Runs_waits_and_the_time_between_attempts_stand_in_the_order_of_their_start()
    {
        var row = Observe(WorkflowReplay.New(), 3, "Failed", "a", 1, 3);
        row = Observe(row, 6, "Running", "b", 5, null);
        row = Observe(row, 9, "Failed", "b", 5, 8);
        row = row with { ObservedAt = At(10) };

        var timeline = UpgradeTimeline.Of(row, Baseline.Empty);

        Assert.Equal((Created, At(10)), (timeline.From, timeline.To));
        Assert.Equal(
            ["Wait NotStarted 0-1 60", "Run Failed 1-3 120", "Blocked Failed 3-5 120", "Run Failed 5-8 180", "Blocked Failed 8- 120"],
            timeline.Rows.Select(Told)
        );
    }

    [Fact]
    public void What_runs_has_no_end_and_lasts_until_the_last_observation()
    {
        var timeline = UpgradeTimeline.Of(Observe(WorkflowReplay.New(), 6, "Running", "a", 0, null), Baseline.Empty);
        Assert.Equal(["Run Running 0- 360"], timeline.Rows.Select(Told));
    }

    [Fact]
    public void Tasks_are_in_their_order_with_the_expiry_of_an_unused_pre_check()
    {
        UpgradeWorkflow state = new()
        {
            CreatedAt = Created,
            FromVersion = "v1.27.1-r0",
            TargetVersion = "v1.28.6-r0",
            Phase = WorkflowPhase.Running,
            Tasks =
            [
                new UpgradeTask { Type = UpgradeTaskType.Cluster },
                new UpgradeTask
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "a",
                    Status = UpgradeTaskStatus.Success,
                    StartedAt = At(1),
                    EndedAt = At(2),
                    ExpiresAt = At(62),
                },
            ],
            Dependencies = [new TaskDependency(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster)],
        };

        var waiting = UpgradeTimeline.Of(WorkflowReplay.Observe(WorkflowReplay.New(), state, At(5)), Baseline.Empty);
        var started = UpgradeTimeline.Of(
            WorkflowReplay.Observe(
                WorkflowReplay.New(),
                state with
                {
                    Tasks = [state.Tasks[0] with { TaskId = "b", Status = UpgradeTaskStatus.Running, StartedAt = At(4) }, state.Tasks[1]],
                },
                At(5)
            ),
            Baseline.Empty
        );

        Assert.Equal(("v1.27.1-r0", "v1.28.6-r0", null), (waiting.FromVersion, waiting.TargetVersion, waiting.EndedAt));
        Assert.Equal(
            [
                new(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, true, At(62)) { Time = new(60, 60, 0, 0, 0) },
                new(UpgradeTaskType.Cluster, UpgradeTaskStatus.NotStarted, true, null) { Time = new(0, 180, 0, 0, 0) },
            ],
            waiting.Tasks!
        );
        Assert.All(started.Tasks!, task => Assert.Null(task.ExpiresAt));
    }

    [Fact]
    public void Before_the_first_read_there_is_nothing()
    {
        var timeline = UpgradeTimeline.Of(WorkflowReplay.New(), Baseline.Empty);
        Assert.Empty(timeline.Rows);
        Assert.Null(timeline.From);
        Assert.Null(timeline.To);
    }

    [Fact]
    public void A_queue_is_drawn_from_its_first_observation_up_to_now()
    {
        var before = States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.NotStarted, null), Bare);
        var queued = States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "c"), Bare);
        var started = States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Running, "c", 75), Bare);
        (double, UpgradeWorkflow)[] history = [(19, before), (20, queued), (70, queued)];

        Assert.Equal(
            ["Wait NotStarted 0-10 600", "Run Success 10-11 60", "Wait NotStarted 11-20 540", "Queue Queuing 20- 3000"],
            RowsOf(history)
        );
        Assert.Equal(
            [
                "Wait NotStarted 0-10 600",
                "Run Success 10-11 60",
                "Wait NotStarted 11-20 540",
                "Queue Queuing 20-75 3300",
                "Run Running 75- 60",
            ],
            RowsOf([.. history, (76, started)])
        );
    }

    [Fact]
    public void A_queue_beside_another_task_that_runs_is_drawn_too() =>
        Assert.Contains(
            "Queue Queuing 30- 600",
            RowsOf(
                (29, States.State(Checked, States.Task(UpgradeTaskType.Snapshot, UpgradeTaskStatus.Running, "s", 20), Bare)),
                (
                    30,
                    States.State(
                        Checked,
                        States.Task(UpgradeTaskType.Snapshot, UpgradeTaskStatus.Running, "s", 20),
                        States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "c"),
                        Bare
                    )
                ),
                (
                    40,
                    States.State(
                        Checked,
                        States.Task(UpgradeTaskType.Snapshot, UpgradeTaskStatus.Running, "s", 20),
                        States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "c"),
                        Bare
                    )
                )
            )
        );

    [Fact]
    public void A_rollback_has_no_wait_and_blocks_stand_before_and_after_it() =>
        Assert.Equal(
            [
                "Wait NotStarted 0-10 600",
                "Run Success 10-11 60",
                "Wait NotStarted 11-20 540",
                "Run Failed 20-29 540",
                "Blocked Failed 29-40 660 TaskFailed",
                "Run Success 40-50 600",
                "Blocked Failed 50- 600 RolledBack",
            ],
            RowsOf(
                (
                    60,
                    States.State(
                        Checked,
                        States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c", 20, 29),
                        Bare,
                        States.Task(UpgradeTaskType.Rollback, UpgradeTaskStatus.Success, "r", 40, 50)
                    )
                )
            )
        );

    [Fact]
    public void A_pause_is_a_block_within_its_run()
    {
        UpgradeWorkflow At(UpgradeTaskStatus status) => States.State(Checked, States.Task(UpgradeTaskType.Cluster, status, "c", 20), Bare);

        Assert.Equal(
            [
                "Wait NotStarted 0-10 600",
                "Run Success 10-11 60",
                "Wait NotStarted 11-20 540",
                "Run Pause 20- 480",
                "Blocked Pause 25- 180 Paused",
            ],
            RowsOf(
                (24, At(UpgradeTaskStatus.Running)),
                (25, At(UpgradeTaskStatus.Pause)),
                (26, At(UpgradeTaskStatus.Pause)),
                (28, At(UpgradeTaskStatus.Pause))
            )
        );
    }

    [Fact]
    public void A_run_without_times_is_drawn_as_it_was_seen_and_says_so()
    {
        UpgradeWorkflow At(UpgradeTaskStatus status) => States.State(Checked, States.Task(UpgradeTaskType.Cluster, status, "c"), Bare);
        (double, UpgradeWorkflow)[] running =
        [
            (19, States.State(Checked, Bare)),
            (20, At(UpgradeTaskStatus.Running)),
            (21, At(UpgradeTaskStatus.Running)),
        ];

        Assert.Equal([.. UpToTwenty, "Run Running 20- 60  observed"], RowsOf(running));
        Assert.Equal(
            [.. UpToTwenty, "Run Failed 20-22 120  observed", "Blocked Failed 22- 60 TaskFailed"],
            RowsOf([.. running, (22, At(UpgradeTaskStatus.Failed)), (23, At(UpgradeTaskStatus.Failed))])
        );
    }

    [Fact]
    public void A_run_that_was_first_seen_ended_is_a_mark_without_a_length() =>
        Assert.Contains(
            "Run Failed 20-20   observed",
            RowsOf(
                (19, States.State(Checked, Bare)),
                (20, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c"), Bare))
            )
        );

    [Fact]
    public void A_run_without_an_end_lasts_until_it_was_first_seen_ended() =>
        Assert.Contains(
            "Run Failed 20-25 300  observed",
            RowsOf(
                (21, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Running, "c", 20), Bare)),
                (25, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c", 20), Bare))
            )
        );

    [Fact]
    public void A_queued_retry_that_shows_the_times_of_before_does_not_run() =>
        Assert.Equal(
            [.. UpToTwenty, "Run Failed 20-25 300", "Blocked Failed 25-30 300 TaskFailed", "Queue Queuing 30- 60"],
            RowsOf(
                (29, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c", 20, 25), Bare)),
                (30, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "d", 20, 25), Bare)),
                (31, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "d", 20, 25), Bare))
            )
        );

    [Fact]
    public void A_run_whose_end_only_its_queued_retry_shows_lasts_until_that_end() =>
        Assert.Equal(
            [.. UpToTwenty, "Run Failed 20-25 300", "Queue Queuing 30- 60"],
            RowsOf(
                (22, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Running, "c", 20), Bare)),
                (30, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "d", 20, 25), Bare)),
                (31, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "d", 20, 25), Bare))
            )
        );

    [Fact]
    public void What_was_only_queued_has_no_run() =>
        Assert.DoesNotContain(
            RowsOf(
                (20, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "c"), Bare)),
                (21, States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Queuing, "d"), Bare))
            ),
            row => row.StartsWith("Run", StringComparison.Ordinal) && !row.Contains("10-11", StringComparison.Ordinal)
        );

    [Fact]
    public void An_expired_pre_check_blocks_up_to_now() =>
        Assert.Equal(
            ["Wait NotStarted 0-10 600", "Run Success 10-11 60", "Wait NotStarted 11-71 3600", "Blocked Success 71- 1140 PreCheckExpired"],
            RowsOf(
                (
                    90,
                    States.State(
                        Checked with
                        {
                            ExpiresAt = States.At(71),
                        },
                        States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.NotStarted, null),
                        Bare
                    )
                )
            )
        );

    [Fact]
    public void A_cancelled_upgrade_says_so_and_its_rows_have_ends()
    {
        var state = States.State(Checked, States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c", 20, 29), Bare);
        var blocked = WorkflowReplay.Observe(WorkflowReplay.New(), state, States.At(30));
        var cancelled = WorkflowReplay.Observe(blocked, state with { Phase = WorkflowPhase.Cancel }, States.At(40));

        Assert.Equal(Assessment.Blocked, UpgradeTimeline.Of(blocked, Baseline.Empty).Assessment);
        var timeline = UpgradeTimeline.Of(cancelled, Baseline.Empty);
        Assert.Equal(Assessment.Cancelled, timeline.Assessment);
        Assert.Equal(
            WorkflowSummarizer.Summarize(cancelled, Baseline.Empty, States.At(40), TimeSpan.FromMinutes(1)).Headline,
            timeline.Headline
        );
        Assert.All(timeline.Rows, row => Assert.NotNull(row.EndedAt));
    }

    [Fact]
    public void A_failed_attempt_names_what_it_failed_on_in_one_line()
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            States.State(States.Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Failed, "a", 1, 2)),
            States.At(3)
        ) with
        {
            TaskFailures =
            [
                new TaskFailure
                {
                    Type = UpgradeTaskType.PreCheck,
                    TaskId = "a",
                    StartedAt = States.At(1),
                    Details = [new FailureDetail { Name = "core\ndns" }, new FailureDetail { Name = "etcd" }],
                },
            ],
        };

        Assert.Equal(
            "core dns and etcd",
            Assert.Single(UpgradeTimeline.Of(row, Baseline.Empty).Rows, run => run.Kind == TimelineKind.Run).FailedOn
        );
    }

    private static readonly string[] UpToTwenty = ["Wait NotStarted 0-10 600", "Run Success 10-11 60", "Wait NotStarted 11-20 540"];

    private static readonly UpgradeTask Checked = States.Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p", 10, 11),
        Bare = States.Task(UpgradeTaskType.PostCheck, UpgradeTaskStatus.NotStarted, null);

    private static IEnumerable<string> RowsOf(params (double Minute, UpgradeWorkflow State)[] history)
    {
        var row = WorkflowReplay.New();
        foreach (var (minute, state) in history)
        {
            row = WorkflowReplay.Observe(row, state, States.At(minute));
        }

        return UpgradeTimeline
            .Of(row, Baseline.Empty)
            .Rows.Select(shown =>
                string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"{shown.Kind} {shown.Status} "
                            + $"{(shown.StartedAt - States.Start).TotalMinutes}-{(shown.EndedAt - States.Start)?.TotalMinutes} "
                            + $"{shown.Seconds} {shown.Reason}{(shown.TimesObserved is true ? " observed" : "")}"
                    )
                    .TrimEnd()
            );
    }

    private static DateTimeOffset At(double minute) => Created.AddMinutes(minute);

    private static string Told(TimelineRow row) =>
        FormattableString.Invariant(
            $"{row.Kind} {row.Status} {(row.StartedAt - Created).TotalMinutes}-{(row.EndedAt - Created)?.TotalMinutes} {row.Seconds}"
        );

    private static TrackedWorkflow Observe(TrackedWorkflow row, double minute, string status, string id, double start, double? end) =>
        WorkflowReplay.Observe(
            row,
            new UpgradeWorkflow
            {
                CreatedAt = Created,
                Phase = WorkflowPhase.Running,
                Tasks =
                [
                    new UpgradeTask
                    {
                        Type = UpgradeTaskType.Cluster,
                        TaskId = id,
                        Status = new(status),
                        StartedAt = At(start),
                        EndedAt = end is { } at ? At(at) : null,
                    },
                    new UpgradeTask { Type = UpgradeTaskType.PostCheck },
                ],
                Dependencies = [new TaskDependency(UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck)],
            },
            At(minute)
        );
}
