using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>Earlier upgrades that failed on the same, by what the baseline keeps of them.</summary>
public sealed class PrecedentsTests
{
    private static readonly UpgradeTaskType PreCheck = UpgradeTaskType.PreCheck;

    [Fact]
    public void An_items_earlier_failures_are_counted_here_and_elsewhere_with_their_cost()
    {
        var baseline = BaselineBuilder.Of([
            Run("w1", "c1", 1, blocked: 100, ("Node Disks", 1)),
            Run("w2", "c1", 2, blocked: 300, ("Node Disks", 2), ("Node Swap", 1)),
            Run("w3", "c2", 3, blocked: 900, ("Node Disks", 1)),
            Run("w4", "c3", 4, blocked: null, ("Node Swap", 1)),
            Run("w5", "c3", 5, blocked: 50),
        ]);

        Assert.Equal(
            new Precedents
            {
                Item = "Node Disks",
                Here = 2,
                Elsewhere = 1,
                MedianBlockedSeconds = 300,
                ResolvedByNextAttempt = 2,
                Unknown = 1,
                NamesKnownSince = At(1),
                Last = new LastPrecedent("w3", 900, At(3)),
            },
            baseline.PrecedentsOf(PreCheck, "Node Disks", "c1")
        );
        Assert.Null(baseline.PrecedentsOf(PreCheck, "sudo", "c1"));
        Assert.Null(baseline.PrecedentsOf(UpgradeTaskType.Cluster, null, "c1"));
    }

    [Fact]
    public void Without_an_item_the_task_is_counted_whatever_it_failed_on()
    {
        var baseline = BaselineBuilder.Of([Run("w1", "c1", 1, 100, ("Node Disks", 1)), Run("w2", "c2", 2, 40)]);

        Assert.Equal(
            new Precedents
            {
                Here = 0,
                Elsewhere = 2,
                MedianBlockedSeconds = 40,
                ResolvedByNextAttempt = 2,
                Last = new LastPrecedent("w2", 40, At(2)),
            },
            baseline.PrecedentsOf(PreCheck, null, "c9")
        );
    }

    [Fact]
    public void The_next_attempt_has_not_held_where_the_item_failed_twice_or_the_task_in_the_end()
    {
        var run = Run("w1", "c1", 1, 100, ("Node Disks", 1));
        var open = run with { Tasks = [run.Tasks[0] with { Status = UpgradeTaskStatus.Failed }] };

        Assert.Equal(0, BaselineBuilder.Of([open]).PrecedentsOf(PreCheck, "Node Disks", "c1")!.ResolvedByNextAttempt);
        Assert.Equal(
            0,
            BaselineBuilder
                .Of([Run("w1", "c1", 1, 100, ("Node Disks", 2))])
                .PrecedentsOf(PreCheck, "Node Disks", "c1")!
                .ResolvedByNextAttempt
        );
    }

    [Fact]
    public void Only_the_newest_thousand_failures_are_kept()
    {
        var runs = Enumerable.Range(1, 900).Select(i => Run($"w{i}", "c", i, 1, ("Node Disks", 1))).ToList();

        var failures = BaselineBuilder.Of(runs).Failures;

        Assert.Equal(Baseline.MaxFailures, failures.Count);
        Assert.Equal("w900", failures[0].WorkflowId);
    }

    [Fact]
    public void Where_older_failures_are_left_out_the_answer_says_since_when_it_counts()
    {
        // Each has the task and an item; the newest also one more item, so that the oldest that is kept has lost its item.
        var runs = Enumerable.Range(1, 600).Select(i => Run($"w{i}", "c", i, 1, ("Node Disks", 1))).ToList();
        runs[^1] = Run("w600", "c", 600, 1, ("Node Disks", 1), ("Node Swap", 1));

        var cut = BaselineBuilder.Of(runs).PrecedentsOf(PreCheck, "Node Disks", "c")!;

        Assert.Equal((499, At(102)), (cut.Here, cut.CountedSince));
        Assert.Null(BaselineBuilder.Of(runs.TakeLast(400)).PrecedentsOf(PreCheck, "Node Disks", "c")!.CountedSince);
    }

    [Fact]
    public void A_blocked_upgrade_says_what_became_of_those_before_it()
    {
        var baseline = BaselineBuilder.Of([Run("w1", "c1", 1, 7200, ("Node Disks", 1))]);
        var state = State(Task(PreCheck, UpgradeTaskStatus.Failed, "p", 10, 11));
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), state, At(12));
        row = row with
        {
            Target = row.Target with { ClusterId = "c1" },
            TaskFailures = TaskFailures.Add([], row.Runs[0], new FailureReport([new FailureDetail { Name = "Node Disks" }])),
        };

        var blocking = WorkflowSummarizer.Summarize(row, baseline, stale: false).BlockingTask!;

        Assert.Equal((1, 0, "w1"), (blocking.Precedents!.Here, blocking.Precedents.Elsewhere, blocking.Precedents.Last.WorkflowId));
        Assert.Null(WorkflowSummarizer.Summarize(row, Baseline.Empty, stale: false).BlockingTask!.Precedents);
    }

    [Fact]
    public void What_has_not_failed_has_no_precedents()
    {
        var baseline = BaselineBuilder.Of([Run("w1", "c1", 1, 7200)]);
        var row = WorkflowReplay.Observe(WorkflowReplay.New(), State(Task(PreCheck, UpgradeTaskStatus.Running, "p", 10)), At(12));

        Assert.Null(WorkflowSummarizer.Summarize(row, baseline, stale: false).BlockingTask!.Precedents);
    }

    [Fact]
    public void A_report_says_of_each_item_how_often_it_failed_and_what_it_cost()
    {
        var builder = new ReportBuilder(At(0), At(100), ReportGrouping.None);
        foreach (
            var run in (FinishedUpgrade[])
                [
                    Run("w1", "c1", 1, 100, ("Node Disks", 1)),
                    Run("w2", "c1", 2, 300, ("Node Disks", 3), ("Node Swap", 1)),
                    Run("w3", "c2", 3, null, ("Node Disks", 1)),
                ]
        )
        {
            builder.Add(run);
        }

        Assert.Equal(
            [
                new TopFailure(PreCheck, "Node Disks", 5)
                {
                    Upgrades = 3,
                    BlockedSeconds = 400,
                    MedianBlockedSeconds = 100,
                    ResolvedByNextAttempt = 2,
                },
                new TopFailure(PreCheck, "Node Swap", 1)
                {
                    Upgrades = 1,
                    BlockedSeconds = 300,
                    MedianBlockedSeconds = 300,
                    ResolvedByNextAttempt = 1,
                },
            ],
            builder.Build(withPrevious: false).Total.TopFailures
        );
    }

    /// <summary>A finished upgrade whose pre-check failed: on these items so often, or on nothing that is known.</summary>
    private static FinishedUpgrade Run(string id, string cluster, int minute, double? blocked, params (string Name, int Times)[] items) =>
        new()
        {
            Target = new WorkflowTarget("p", cluster, id),
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = At(minute),
            BlockedSeconds = blocked,
            Tasks =
            [
                new FinishedTask(PreCheck, UpgradeTaskStatus.Success, 60, 60, 0, 2, items.Length == 0 ? 1 : items.Max(item => item.Times))
                {
                    Failed = items.Length == 0 ? null : [.. items.Select(item => new FailedItem(item.Name, "NodeCheck", [], item.Times))],
                },
            ],
        };
}
