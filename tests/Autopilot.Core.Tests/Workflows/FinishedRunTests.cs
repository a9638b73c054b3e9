using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

public sealed class FinishedRunTests
{
    [Fact]
    public void A_finished_run_counts_every_attempt_and_the_last_ones_time()
    {
        var check = Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p", 10, 11);
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "c", 20, 29)),
            At(30)
        );
        row = WorkflowReplay.Observe(
            row,
            State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "c", 40, 55)) with
            {
                Phase = WorkflowPhase.Success,
                TargetVersion = "v2",
            },
            At(56)
        );

        var run = FinishedUpgrade.Of(row);

        Assert.Equal((WorkflowOutcome.Succeeded, At(55), At(10), At(0)), (run.Outcome, run.EndedAt, run.StartedAt, run.CreatedAt));
        Assert.Equal((3300, 1500, 1800), (run.ElapsedSeconds, run.ActiveSeconds, run.WaitingSeconds));
        Assert.Equal(3, run.Attempts);
        Assert.Equal("v2", run.TargetVersion);
        Assert.Equal(
            [
                new FinishedTask(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, 60, 60, 600, 1, 0),
                new FinishedTask(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, 900, 1440, 540, 2, 1),
            ],
            run.Tasks
        );
    }

    [Fact]
    public void Second_cluster_run_is_a_failure_on_the_way_even_if_it_was_not_seen()
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Running, "c", 20)),
            At(25)
        );
        var end = State(Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "c", 40, 55)) with { Phase = WorkflowPhase.Success };

        var run = FinishedUpgrade.Of(WorkflowReplay.Observe(row, end, At(60)));

        Assert.Equal(
            (0, true, 1),
            (run.Failures, run.FailedOnTheWay, run.Tasks.Single(task => task.Type == UpgradeTaskType.Cluster).UnseenFailures)
        );
    }

    [Fact]
    public void Second_cluster_run_after_a_rollback_is_no_failure_on_the_way()
    {
        var rollback = Task(UpgradeTaskType.Rollback, UpgradeTaskStatus.Success, "r", 30, 39);
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "c", 20, 29), rollback),
            At(39)
        );
        var end = State(Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "c", 40, 55), rollback) with
        {
            Phase = WorkflowPhase.Success,
        };

        Assert.False(FinishedUpgrade.Of(WorkflowReplay.Observe(row, end, At(60))).FailedOnTheWay);
    }

    [Fact]
    public void Second_precheck_that_was_not_seen_to_fail_is_no_failure_on_the_way()
    {
        var row = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p1", 1, 2)),
            At(3)
        );
        var end = State(Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p2", 90, 91)) with { Phase = WorkflowPhase.Success };

        Assert.False(FinishedUpgrade.Of(WorkflowReplay.Observe(row, end, At(100))).FailedOnTheWay);
    }

    [Fact]
    public void A_workflow_that_was_never_read_and_is_gone_has_a_run_without_figures()
    {
        var run = FinishedUpgrade.Of(WorkflowReplay.New() with { Outcome = WorkflowOutcome.Gone, EndedAt = At(5), ClusterName = "prod-1" });

        Assert.Equal((WorkflowOutcome.Gone, At(5), "prod-1"), (run.Outcome, run.EndedAt, run.ClusterName));
        Assert.Null(run.ElapsedSeconds);
        Assert.Null(run.ActiveSeconds);
        Assert.Empty(run.Tasks);
    }

    [Fact]
    public void An_active_workflow_has_no_finished_run() =>
        Assert.Throws<ArgumentException>(() => FinishedUpgrade.Of(WorkflowReplay.Observe(WorkflowReplay.New(), State(), At(1))));

    [Fact]
    public void A_success_ends_with_its_latest_task_and_a_cancel_when_it_was_first_seen()
    {
        var state = State(
            Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "c", 1, 9),
            Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p", 0, 1)
        );

        Assert.Equal(At(9), EndOf(state, WorkflowPhase.Success));
        Assert.Equal(At(20), EndOf(state, WorkflowPhase.Cancel));
        Assert.Equal(At(20), EndOf(State(), WorkflowPhase.Success));
    }

    [Theory]
    [InlineData("Running", "Success", 9.0)]
    [InlineData("Running", "Success", null)]
    [InlineData("Running", null, null)]
    [InlineData("Running", "Running", null)]
    [InlineData("Pause", "Failed", null)]
    [InlineData("Queuing", "Success", null)]
    public void A_success_does_not_end_before_a_task_that_was_seen_running(string seen, string? then, double? end)
    {
        var check = Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p", 0, 1);
        var before = State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.From(seen), "c", seen == "Queuing" ? null : 2));
        var after = State(then is null ? [check] : [check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.From(then), "c", 2, end)]) with
        {
            Phase = WorkflowPhase.Success,
        };

        var row = WorkflowReplay.Observe(WorkflowReplay.Observe(WorkflowReplay.New(), before, At(5)), after, At(20));

        Assert.Equal(At(end ?? (seen == "Queuing" ? 1 : 20)), row.EndedAt);
    }

    [Fact]
    public void The_outcome_follows_from_the_phase_and_the_version_that_the_cluster_is_on()
    {
        var rollback = State(Task(UpgradeTaskType.Rollback, UpgradeTaskStatus.Success, "r", 1, 9)) with { Phase = WorkflowPhase.Cancel };
        var failed = rollback with { Tasks = [rollback.Tasks[0] with { Status = UpgradeTaskStatus.Failed }] };
        var retried = rollback with { Tasks = [rollback.Tasks[0], Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "c", 10, 19)] };

        Assert.Equal(WorkflowOutcome.RolledBack, OutcomeOf(rollback));
        Assert.Equal(WorkflowOutcome.RolledBack, OutcomeOf(rollback with { Phase = WorkflowPhase.Success }));
        Assert.Equal(WorkflowOutcome.Cancelled, OutcomeOf(failed));
        Assert.Equal(WorkflowOutcome.Unclear, OutcomeOf(failed with { Phase = WorkflowPhase.Success }));
        Assert.Equal(WorkflowOutcome.Cancelled, OutcomeOf(retried));
        Assert.Equal(WorkflowOutcome.Succeeded, OutcomeOf(retried with { Phase = WorkflowPhase.Success }));
        Assert.Equal(WorkflowOutcome.Unclear, OutcomeOf(State() with { Phase = WorkflowPhase.Success }));
        Assert.Null(OutcomeOf(rollback with { Phase = WorkflowPhase.Pending }));
    }

    private static DateTimeOffset? EndOf(UpgradeWorkflow state, WorkflowPhase phase) =>
        WorkflowReplay.Observe(WorkflowReplay.New(), state with { Phase = phase }, At(20)).EndedAt;

    private static WorkflowOutcome? OutcomeOf(UpgradeWorkflow state) => WorkflowReplay.Observe(WorkflowReplay.New(), state, At(20)).Outcome;
}
