using Autopilot.Core.Reporting;
using Autopilot.Core.Tests.Workflows;
using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Reporting;

public sealed class ActiveRunTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Its_figures_are_those_of_the_summary_as_of_the_last_observation()
    {
        var row = Row();
        var now = row.ObservedAt!.Value.AddMinutes(2);

        var run = ActiveUpgrade.Of(row, Baseline.Empty, now, Minute)!;

        var summary = WorkflowSummarizer.Summarize(row, Baseline.Empty, now, Minute);
        Assert.Equal(
            (
                summary.Id,
                summary.Assessment,
                summary.CreatedAt,
                summary.StartedAt,
                summary.ObservedAt,
                summary.ElapsedSeconds,
                summary.ActiveSeconds,
                summary.WaitingSeconds,
                false,
                true
            ),
            (
                run.WorkflowId,
                run.Assessment,
                run.CreatedAt,
                run.StartedAt,
                run.ObservedAt,
                run.ElapsedSeconds,
                run.ActiveSeconds,
                run.WaitingSeconds,
                run.Stale,
                run.OpenEnded
            )
        );
        Assert.Equal(summary.Tasks.Sum(task => task.Attempts), run.Attempts);
        // What only a line names has no figures.
        Assert.Equal(
            summary.Tasks.Where(task => task.Attempts > 0).Select(task => (task.Type, task.Status, task.DurationSeconds, task.WaitSeconds)),
            run.Tasks.Select(task => (task.Type, task.Status, task.RunSeconds, task.WaitSeconds))
        );
    }

    [Fact]
    public void It_is_stale_when_its_summary_is() =>
        Assert.True(ActiveUpgrade.Of(Row(), Baseline.Empty, Row().ObservedAt!.Value.AddMinutes(4), Minute)!.Stale);

    [Fact]
    public void A_finished_untracked_or_purged_workflow_is_not_active()
    {
        var row = Row();
        Assert.Null(ActiveUpgrade.Of(row with { Outcome = WorkflowOutcome.Succeeded }, Baseline.Empty, At(60), Minute));
        Assert.Null(ActiveUpgrade.Of(row with { Tracked = false }, Baseline.Empty, At(60), Minute));
        Assert.Null(ActiveUpgrade.Of(row with { Purging = true }, Baseline.Empty, At(60), Minute));
    }

    [Fact]
    public void One_that_was_never_read_is_there_without_figures()
    {
        var run = ActiveUpgrade.Of(WorkflowReplay.New(), Baseline.Empty, At(60), Minute)!;
        Assert.Equal(
            (Assessment.Unknown, null, null, null, 0),
            (run.Assessment, run.ObservedAt, run.ElapsedSeconds, run.ActiveSeconds, run.Attempts)
        );
    }

    [Fact]
    public void An_open_end_is_within_every_range_that_ends_after_its_beginning()
    {
        var row = Row();
        var created = row.State!.CreatedAt!.Value;
        Assert.Equal((false, true), (ActiveUpgrade.IsWithin(row, created), ActiveUpgrade.IsWithin(row, created.AddTicks(1))));
        var unread = WorkflowReplay.New() with { TrackedAt = At(5) };
        Assert.Equal((false, true), (ActiveUpgrade.IsWithin(unread, At(5)), ActiveUpgrade.IsWithin(unread, At(6))));
    }

    [Fact]
    public void The_longest_comes_first_and_the_unknown_last()
    {
        ActiveUpgrade Run(string id, double? elapsed) =>
            new()
            {
                WorkflowId = id,
                ClusterId = "c",
                ProjectId = "p",
                Assessment = Assessment.Progressing,
                Stale = false,
                ElapsedSeconds = elapsed,
            };
        var runs = new[] { Run("d", null), Run("b", 5), Run("a", 5), Run("c", 9) };
        Array.Sort(runs, ActiveUpgrade.LongestFirst);
        Assert.Equal(["c", "a", "b", "d"], runs.Select(run => run.WorkflowId));
    }

    private static TrackedWorkflow Row()
    {
        var check = Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "t1", 1, 5);
        var first = WorkflowReplay.Observe(
            WorkflowReplay.New(),
            State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Failed, "t2", 6, 10)),
            At(11)
        );
        return WorkflowReplay.Observe(first, State(check, Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.Running, "t3", 20)), At(30));
    }
}
