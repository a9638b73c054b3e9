using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>
/// Where every second from creation to the end goes. Minutes are after the creation; polls are a minute apart where nothing else is said.
/// </summary>
public sealed class TimeSplitTests
{
    private static readonly UpgradeTaskType PreCheck = UpgradeTaskType.PreCheck,
        Snapshot = UpgradeTaskType.Snapshot,
        Cluster = UpgradeTaskType.Cluster,
        PostCheck = UpgradeTaskType.PostCheck,
        Rollback = UpgradeTaskType.Rollback;

    private static readonly UpgradeTaskStatus NotStarted = UpgradeTaskStatus.NotStarted,
        Queuing = UpgradeTaskStatus.Queuing,
        Running = UpgradeTaskStatus.Running,
        Pause = UpgradeTaskStatus.Pause,
        Success = UpgradeTaskStatus.Success,
        Failed = UpgradeTaskStatus.Failed;

    private static readonly UpgradeTask Checked = Task(PreCheck, Success, "p", 10, 11),
        Bare = Task(PostCheck, NotStarted, null);

    [Fact]
    public void Nothing_started_waits_for_a_person_since_the_creation() =>
        Assert.Equal(Split(person: 30), SplitOf((30, State(Task(PreCheck, NotStarted, null), Bare))));

    [Fact]
    public void Runs_are_work_and_the_time_before_each_is_a_persons() =>
        Assert.Equal(Split(work: 1 + 15, person: 10 + 9 + 5), SplitOf((40, State(Checked, Task(Cluster, Success, "c", 20, 35), Bare))));

    [Fact]
    public void A_failure_blocks_until_the_next_start()
    {
        var retried = State(Checked, Task(Cluster, Running, "c", 50), Bare);

        Assert.Equal(Split(work: 1 + 9, person: 19, blocked: 11), SplitOf((40, State(Checked, Task(Cluster, Failed, "c", 20, 29), Bare))));
        Assert.Equal(
            Split(work: 1 + 9 + 1, person: 19, blocked: 21),
            SplitOf((40, State(Checked, Task(Cluster, Failed, "c", 20, 29), Bare)), (51, retried))
        );
    }

    [Fact]
    public void A_queue_lasts_from_its_first_observation_to_the_start()
    {
        var before = State(Checked, Task(Cluster, NotStarted, null), Bare);
        var queued = State(Checked, Task(Cluster, Queuing, "c"), Bare);

        Assert.Equal(Split(work: 1, person: 10 + 9, queue: 5), SplitOf((19, before), (20, queued), (25, queued)));
        Assert.Equal(
            Split(work: 1 + 4, person: 10 + 9, queue: 10),
            SplitOf((19, before), (20, queued), (34, State(Checked, Task(Cluster, Running, "c", 30), Bare)))
        );
    }

    [Fact]
    public void Since_when_a_task_is_queued_is_unknown_where_the_first_observation_shows_it() =>
        Assert.Equal(
            Split(work: 1, person: 10, unknown: 9, queue: 5),
            SplitOf((20, State(Checked, Task(Cluster, Queuing, "c"), Bare)), (25, State(Checked, Task(Cluster, Queuing, "c"), Bare)))
        );

    [Fact]
    public void A_pause_is_blocked_from_its_first_observation_to_the_next_status()
    {
        UpgradeWorkflow At(UpgradeTaskStatus status) => State(Checked, Task(Cluster, status, "c", 20), Bare);

        Assert.Equal(
            Split(work: 1 + 5 + 6, person: 19, blocked: 3),
            SplitOf((24, At(Running)), (25, At(Pause)), (26, At(Pause)), (27, At(Pause)), (28, At(Running)), (34, At(Running)))
        );
    }

    [Fact]
    public void A_pause_in_a_long_gap_between_observations_is_unknown()
    {
        UpgradeWorkflow At(UpgradeTaskStatus status) => State(Checked, Task(Cluster, status, "c", 20), Bare);

        Assert.Equal(
            Split(work: 1 + 5 + 1, person: 19, unknown: 15),
            SplitOf((24, At(Running)), (25, At(Pause)), (40, At(Running)), (41, At(Running)))
        );
        Assert.Equal(
            Split(work: 1 + 5, person: 19, blocked: 1, unknown: 15),
            SplitOf((24, At(Running)), (25, At(Pause)), (40, At(Pause)), (41, At(Pause)))
        );
        // Three poll intervals are no long gap.
        Assert.Equal(
            Split(work: 1 + 5 + 1, person: 19, blocked: 3),
            SplitOf((24, At(Running)), (25, At(Pause)), (28, At(Running)), (29, At(Running)))
        );
    }

    [Fact]
    public void Upstreams_own_times_are_used_across_a_long_gap()
    {
        Assert.Equal(
            Split(work: 1 + 80, person: 19),
            SplitOf(
                (12, State(Checked, Task(Cluster, NotStarted, null), Bare)),
                (100, State(Checked, Task(Cluster, Running, "c", 20), Bare))
            )
        );
        Assert.Equal(
            Split(work: 1 + 9, person: 19, blocked: 71),
            SplitOf(
                (30, State(Checked, Task(Cluster, Failed, "c", 20, 29), Bare)),
                (100, State(Checked, Task(Cluster, Failed, "c", 20, 29), Bare))
            )
        );
    }

    [Fact]
    public void A_run_that_was_replaced_in_a_long_gap_leaves_its_rest_unknown() =>
        Assert.Equal(
            Split(work: 1 + 5 + 10, person: 19, unknown: 15),
            SplitOf(
                (25, State(Checked, Task(Cluster, Running, "c", 20), Bare)),
                (50, State(Checked, Task(Cluster, Running, "c", 40), Bare))
            )
        );

    [Fact]
    public void A_run_that_was_replaced_between_two_polls_had_failed() =>
        Assert.Equal(
            Split(work: 1 + 5 + 0.5, person: 19, blocked: 1.5),
            SplitOf(
                (25, State(Checked, Task(Cluster, Running, "c", 20), Bare)),
                (27, State(Checked, Task(Cluster, Running, "c", 26.5), Bare))
            )
        );

    [Fact]
    public void An_expired_pre_check_blocks_from_its_expiry_on() =>
        Assert.Equal(
            Split(work: 1, person: 10 + 60, blocked: 19),
            SplitOf((90, State(Checked with { ExpiresAt = At(71) }, Task(Cluster, NotStarted, null), Bare)))
        );

    [Fact]
    public void Of_several_at_one_moment_work_counts_before_a_queue_and_a_queue_before_a_block()
    {
        var snapshot = Task(Snapshot, Running, "s", 30);
        var failed = Task(Cluster, Failed, "c", 20, 29);

        Assert.Equal(Split(work: 1 + 9 + 10, person: 19, blocked: 1), SplitOf((40, State(Checked, snapshot, failed, Bare))));
        Assert.Equal(
            Split(work: 1 + 9, person: 19, blocked: 2, queue: 9),
            SplitOf(
                (30, State(Checked, failed, Bare)),
                (31, State(Checked, Task(Snapshot, Queuing, "s"), failed, Bare)),
                (40, State(Checked, Task(Snapshot, Queuing, "s"), failed, Bare))
            )
        );
    }

    [Fact]
    public void A_rollback_is_work_and_what_it_leaves_is_blocked() =>
        Assert.Equal(
            Split(work: 1 + 9 + 10, person: 19, blocked: 11 + 10),
            SplitOf((60, State(Checked, Task(Cluster, Failed, "c", 20, 29), Bare, Task(Rollback, Success, "r", 40, 50))))
        );

    [Fact]
    public void When_all_tasks_are_done_and_it_is_still_active_a_person_must_act() =>
        Assert.Equal(
            Split(work: 1 + 15 + 1, person: 10 + 9 + 5 + 19),
            SplitOf((60, State(Checked, Task(Cluster, Success, "c", 20, 35), Task(PostCheck, Success, "q", 40, 41))))
        );

    [Fact]
    public void A_risk_that_was_accepted_blocks_until_the_upgrade_was_started() =>
        Assert.Equal(
            Split(work: 1 + 10, person: 10, blocked: 9),
            SplitOf((30, State(Task(PreCheck, Failed, "p", 10, 11), Task(Cluster, Running, "c", 20), Bare)))
        );

    [Fact]
    public void A_status_that_is_not_known_is_unknown_time()
    {
        var verifying = State(Checked, Task(Cluster, UpgradeTaskStatus.From("Verifying"), "c", 20), Bare);

        Assert.Equal(
            Split(work: 1 + 4, person: 19, unknown: 6),
            SplitOf((22, State(Checked, Task(Cluster, Running, "c", 20), Bare)), (24, verifying), (30, verifying))
        );
    }

    [Fact]
    public void The_split_is_that_of_the_finished_run_and_ends_with_the_workflow()
    {
        var done = State(Checked, Task(Cluster, Success, "c", 20, 35), Task(PostCheck, Success, "q", 40, 41)) with
        {
            Phase = WorkflowPhase.Success,
        };
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), done, At(50));

        Assert.Equal(Split(work: 1 + 15 + 1, person: 10 + 9 + 5), FinishedUpgrade.Of(row).Time);
    }

    [Fact]
    public void Without_a_creation_there_is_no_split() => Assert.Null(SplitOf((30, State(Checked) with { CreatedAt = null })));

    private static TimeSplit Split(double work = 0, double person = 0, double queue = 0, double blocked = 0, double unknown = 0) =>
        new(60 * work, 60 * person, 60 * queue, 60 * blocked, 60 * unknown);

    private static TimeSplit? SplitOf(params (double Minute, UpgradeWorkflow State)[] history)
    {
        var row = WorkflowReplay.New();
        foreach (var (minute, state) in history)
        {
            row = WorkflowReplay.Observe(row, state, At(minute));
        }

        return WorkflowSummarizer.Summarize(row, Baseline.Empty, row.ObservedAt!.Value, TimeSpan.FromMinutes(1)).Time;
    }
}
