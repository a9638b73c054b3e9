using Autopilot.Core.Reporting;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Reporting;

public sealed class RunGrowthTests
{
    [Fact]
    public void Blocked_time_lasts_from_a_failure_to_the_next_start_of_any_task_or_the_end()
    {
        var run = FinishedUpgrade.Of(
            Row(
                At(100),
                Failed(UpgradeTaskType.PreCheck, 0, 10),
                Done(UpgradeTaskType.PreCheck, 25, 30),
                Failed(UpgradeTaskType.Cluster, 40, 50),
                Failed(UpgradeTaskType.Rollback, 60, 70)
            )
        );

        Assert.Equal((15 + 10 + 30) * 60, run.BlockedSeconds);
        Assert.Equal((3, 1), (run.Failures, run.Rollbacks));
    }

    [Fact]
    public void Time_blocked_by_two_failures_at_once_counts_once()
    {
        var run = FinishedUpgrade.Of(
            Row(
                At(100),
                Failed(UpgradeTaskType.PreCheck, 0, 10),
                Failed(UpgradeTaskType.Snapshot, 0, 30),
                Done(UpgradeTaskType.Cluster, 50, 90)
            )
        );
        Assert.Equal(40 * 60, run.BlockedSeconds);
    }

    [Fact]
    public void Without_a_failure_nothing_is_blocked_and_without_reads_it_is_unknown()
    {
        Assert.Equal(0, FinishedUpgrade.Of(Row(At(100), Done(UpgradeTaskType.PreCheck, 0, 10))).BlockedSeconds);
        Assert.Null(FinishedUpgrade.Of(WorkflowReplay.New() with { Outcome = WorkflowOutcome.Gone, EndedAt = At(5) }).BlockedSeconds);
    }

    [Fact]
    public void Failed_items_are_counted_once_for_each_run_that_names_them()
    {
        var (first, second) = (Failed(UpgradeTaskType.PreCheck, 0, 10), Failed(UpgradeTaskType.PreCheck, 20, 30));
        var row = Row(At(100), first, second, Done(UpgradeTaskType.PreCheck, 40, 50)) with
        {
            TaskFailures = [Words(first, ("etcd", "E2"), ("etcd", "E1"), ("DNS", "D")), Words(second, ("etcd", "E1"))],
        };

        var check = Assert.Single(FinishedUpgrade.Of(row).Tasks, task => task.Type == UpgradeTaskType.PreCheck);

        Assert.Equal(
            [("etcd", 2, "E1 E2"), ("DNS", 1, "D")],
            check.Failed!.Select(item => (item.Name, item.Count, string.Join(' ', item.ErrorCodes)))
        );
    }

    [Fact]
    public void A_task_has_its_last_and_all_runs_its_wait_attempts_and_failures_with_codes()
    {
        var check = Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "t1", 2, 5);
        var first = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "t2", 9, 20)),
            At(21)
        );
        var row = WorkflowReplay.Observe(
            first,
            State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, "t3", 30, 37)) with
            {
                Phase = WorkflowPhase.Success,
            },
            At(40)
        );
        var words = new TaskFailure
        {
            Type = UpgradeTaskType.Cluster,
            TaskId = "t2",
            StartedAt = At(9),
            Details =
            [
                new FailureDetail
                {
                    Name = "node-1",
                    Group = "ExecuteException",
                    ErrorCodes = ["CCE.1"],
                },
            ],
        };

        var run = FinishedUpgrade.Of(row with { TaskFailures = [words] });

        var cluster = Assert.Single(run.Tasks, task => task.Type == UpgradeTaskType.Cluster);
        Assert.Equal(
            (7 * 60, 18 * 60, 4 * 60, 2, 1),
            (cluster.RunSeconds, cluster.AllRunSeconds, cluster.WaitSeconds, cluster.Attempts, cluster.Failures)
        );
        var item = Assert.Single(cluster.Failed!);
        Assert.Equal(("node-1", "ExecuteException", "CCE.1", 1), (item.Name, item.Group, Assert.Single(item.ErrorCodes), item.Count));
        Assert.Equal((3 * 60 + 18 * 60, (40 - 3 - 18) * 60 - 3 * 60, 3), (run.ActiveSeconds, run.WaitingSeconds, run.Attempts));
    }

    [Fact]
    public void Of_many_and_long_failed_items_only_so_much_is_kept()
    {
        var run = Failed(UpgradeTaskType.PreCheck, 0, 10);
        var row = Row(At(100), run) with
        {
            TaskFailures = [Words(run, [.. Enumerable.Range(0, 50).Select(i => ($"{i:D2}{new string('x', 125)}\U0001F600tail", "E"))])],
        };

        var items = Assert.Single(FinishedUpgrade.Of(row).Tasks, task => task.Type == UpgradeTaskType.PreCheck).Failed!;

        Assert.Equal(FailedItem.MaxKept, items.Count);
        // Half a character would not survive being stored.
        Assert.All(items, item => Assert.Equal(127, item.Name.Length));
    }

    private static TrackedWorkflow Row(DateTimeOffset endedAt, params TaskAttempt[] runs) =>
        WorkflowReplay.Observe(WorkflowReplay.New(), State() with { Phase = WorkflowPhase.Cancel }, endedAt) with
        {
            Runs = runs,
            Outcome = WorkflowOutcome.Cancelled,
            EndedAt = endedAt,
        };

    private static TaskAttempt Failed(UpgradeTaskType type, int from, int to) => Ended(type, UpgradeTaskStatus.Failed, from, to);

    private static TaskAttempt Done(UpgradeTaskType type, int from, int to) => Ended(type, UpgradeTaskStatus.Success, from, to);

    private static TaskAttempt Ended(UpgradeTaskType type, UpgradeTaskStatus status, int from, int to) =>
        new()
        {
            Type = type,
            TaskId = "t",
            Status = status,
            StartedAt = At(from),
            EndedAt = At(to),
            StatusSince = At(to),
            LastSeenAt = At(to),
            Superseded = true,
        };

    private static TaskFailure Words(TaskAttempt run, params (string Name, string Code)[] items) =>
        new()
        {
            Type = run.Type,
            TaskId = run.TaskId!,
            StartedAt = run.StartedAt,
            Details =
            [
                .. items.Select(item => new FailureDetail
                {
                    Name = item.Name,
                    Group = "NodeCheck",
                    ErrorCodes = [item.Code],
                }),
            ],
        };
}
