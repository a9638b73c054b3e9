using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

public sealed class TaskRunsTests
{
    private static readonly UpgradeTaskType Cluster = UpgradeTaskType.Cluster;

    [Fact]
    public void A_task_that_was_not_started_has_no_run()
    {
        Assert.Empty(Observe(1, Task(Cluster, UpgradeTaskStatus.NotStarted, null)));
        Assert.Empty(Observe(1, Task(Cluster, UpgradeTaskStatus.Init, null)));
    }

    [Fact]
    public void A_start_that_appears_for_the_first_time_is_no_new_run()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Queuing));
        runs = Observe(2, runs, Task(Cluster, UpgradeTaskStatus.Running, start: 1.5));

        var run = Assert.Single(runs);
        Assert.Equal(At(1.5), run.StartedAt);
        Assert.Equal(At(2), run.StatusSince);
        Assert.False(run.Superseded);
    }

    [Fact]
    public void A_status_keeps_the_moment_it_was_first_seen()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Running, start: 0));
        runs = Observe(5, runs, Task(Cluster, UpgradeTaskStatus.Running, start: 0));

        var run = Assert.Single(runs);
        Assert.Equal(At(1), run.StatusSince);
        Assert.Equal(At(5), run.LastSeenAt);
    }

    [Fact]
    public void A_later_start_under_the_same_id_is_a_new_run_and_keeps_the_earlier_ones_end()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Failed, start: 0, end: 1));
        runs = Observe(5, runs, Task(Cluster, UpgradeTaskStatus.Running, start: 4));

        Assert.Equal(
            [(UpgradeTaskStatus.Failed, true, At(1)), (UpgradeTaskStatus.Running, false, (DateTimeOffset?)null)],
            runs.Select(run => (run.Status, run.Superseded, run.EndedAt))
        );
    }

    [Fact]
    public void A_changed_id_is_a_new_run()
    {
        var runs = Observe(1, Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "a", 0, 1));
        runs = Observe(5, runs, Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Queuing, "b"));

        Assert.Equal(["a", "b"], runs.Select(run => run.TaskId));
    }

    [Fact]
    public void A_failed_task_that_is_queued_again_is_a_new_run_before_it_has_a_start()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Failed, start: 0, end: 1));
        runs = Observe(5, runs, Task(Cluster, UpgradeTaskStatus.Queuing));
        runs = Observe(6, runs, Task(Cluster, UpgradeTaskStatus.Running, start: 5.5));

        Assert.Equal([At(0), At(5.5)], runs.Select(run => run.StartedAt!.Value));
    }

    [Fact]
    public void A_start_that_upstream_loses_for_a_moment_makes_no_new_run()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Running, start: 0));
        runs = Observe(2, runs, Task(Cluster, UpgradeTaskStatus.Running));

        Assert.Equal(At(0), Assert.Single(runs).StartedAt);
    }

    [Fact]
    public void A_replaced_run_without_a_seen_end_was_last_seen_at_the_read_before()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Running, start: 0));
        runs = TaskAttempts.Observe(runs, State(Task(Cluster, UpgradeTaskStatus.Running, start: 9)), At(10), At(8));

        Assert.True(runs[0].Superseded);
        Assert.Null(runs[0].EndedAt);
        Assert.Equal(At(8), runs[0].LastSeenAt);
        runs = TaskAttempts.Observe(runs, State(Task(Cluster, UpgradeTaskStatus.Failed, start: 9, end: 11)), At(12), At(11));
        Assert.Equal(At(8), runs[0].LastSeenAt);
    }

    [Fact]
    public void A_task_that_vanishes_keeps_its_run()
    {
        var runs = Observe(1, Task(Cluster, UpgradeTaskStatus.Failed, start: 0, end: 1));
        runs = TaskAttempts.Observe(runs, State(), At(5), At(4));

        var run = Assert.Single(runs);
        Assert.Equal((false, true, At(4)), (run.Superseded, run.Missing, run.LastSeenAt));
        Assert.Equal((UpgradeTaskStatus.Failed, At(1)), (run.Status, run.EndedAt!.Value));
        // However long it is missing, it was last seen when it was.
        Assert.Equal(At(4), Assert.Single(TaskAttempts.Observe(runs, State(), At(9), At(8))).LastSeenAt);
    }

    [Fact]
    public void An_older_answer_that_comes_back_is_no_new_attempt()
    {
        var first = Task(Cluster, UpgradeTaskStatus.Failed, start: 0, end: 1);
        var runs = Observe(1, first);
        runs = Observe(5, runs, Task(Cluster, UpgradeTaskStatus.Running, start: 4));
        runs = Observe(6, runs, first);

        Assert.Equal([false, true], runs.Select(run => run.Superseded));
    }

    [Fact]
    public void Two_points_of_one_type_are_two_runs_and_the_later_is_current()
    {
        var older = Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Failed, "a", 0, 1);
        var newer = Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Running, "b", 2);
        foreach (var runs in new[] { Observe(3, older, newer), Observe(3, newer, older) })
        {
            Assert.Equal([("a", true), ("b", false)], runs.Select(run => (run.TaskId!, run.Superseded)));
            Assert.Equal(runs, Observe(3, runs, newer, older));
        }
    }

    [Fact]
    public void The_same_point_twice_is_one_run() =>
        Assert.Single(Observe(1, Task(Cluster, UpgradeTaskStatus.Running, start: 0), Task(Cluster, UpgradeTaskStatus.Running, start: 0)));

    [Fact]
    public void Only_the_newest_hundred_runs_are_kept()
    {
        IReadOnlyList<TaskAttempt> runs = [];
        for (var i = 0; i < 105; i++)
        {
            runs = Observe(i + 1, runs, Task(Cluster, UpgradeTaskStatus.Failed, start: i, end: i + 0.5));
        }

        Assert.Equal(TaskAttempts.MaxKept, runs.Count);
        Assert.Equal(At(5), runs[0].StartedAt);
        Assert.Equal(At(104), runs[^1].StartedAt);
    }

    private static IReadOnlyList<TaskAttempt> Observe(double at, params UpgradeTask[] tasks) => Observe(at, [], tasks);

    private static IReadOnlyList<TaskAttempt> Observe(double at, IReadOnlyList<TaskAttempt> known, params UpgradeTask[] tasks) =>
        TaskAttempts.Observe(known, State(tasks), At(at));

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Of_two_points_without_a_start_the_current_run_is_the_one_that_the_graph_counts(string first)
    {
        static UpgradeTask Point(string id) =>
            new()
            {
                Type = UpgradeTaskType.Cluster,
                TaskId = id,
                Status = UpgradeTaskStatus.Failed,
            };
        var both = new UpgradeWorkflow { Phase = WorkflowPhase.Pending, Tasks = [Point("a"), Point("b")] };
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        // Which of the two was seen earlier decides nothing.
        var runs = TaskAttempts.Observe([], both with { Tasks = [Point(first)] }, at);
        runs = TaskAttempts.Observe(runs, both, at.AddMinutes(1), at);

        Assert.Equal(
            TaskGraph.Of(both).Find(UpgradeTaskType.Cluster)!.Task.TaskId,
            TaskAttempts.Current(runs, UpgradeTaskType.Cluster)!.TaskId
        );
        Assert.Single(runs, run => !run.Superseded);
    }
}
