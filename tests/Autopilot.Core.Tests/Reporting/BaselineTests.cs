using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Reporting;

public sealed class BaselineTests
{
    private static readonly DateTimeOffset Newest = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Percentiles_are_those_of_an_independent_count() =>
        Gen.Double[0, 10_000]
            .List[1, 60]
            .Sample(seconds =>
            {
                var times = BaselineBuilder.Of(seconds.Select((s, i) => Run(i, s))).Find(UpgradeTaskType.Cluster, "v1.28");

                Assert.Equal(seconds.Count >= Baseline.FewestRuns, times is not null);
                foreach (
                    var (percent, value) in times is null
                        ? []
                        : new[] { (50, times.P50Seconds), (80, times.P80Seconds), (95, times.P95Seconds) }
                )
                {
                    // By definition: a value that occurred, the least that enough others do not exceed.
                    Assert.Contains(value, seconds);
                    Assert.True(100 * seconds.Count(s => s <= value) >= percent * seconds.Count);
                    Assert.True(100 * seconds.Count(s => s < value) < percent * seconds.Count);
                }
            });

    [Fact]
    public void The_order_in_which_runs_come_changes_nothing() =>
        Gen.Select(Gen.Double[0, 100].List[0, 20], Gen.Int)
            .Sample(
                (seconds, seed) =>
                {
                    var runs = seconds.Select((s, i) => Run(i, s, $"v1.{i % 3}.0")).ToArray();
                    var shuffled = runs.ToArray();
                    new Random(seed).Shuffle(shuffled);
                    Assert.Equal(BaselineBuilder.Of(runs).Entries, BaselineBuilder.Of(shuffled).Entries);
                }
            );

    [Fact]
    public void Only_successful_tasks_with_a_known_run_time_count_however_the_workflow_ended()
    {
        var baseline = BaselineBuilder.Of([
            Run(0, 10) with
            {
                Outcome = WorkflowOutcome.Cancelled,
            },
            Run(1, 20) with
            {
                Outcome = WorkflowOutcome.RolledBack,
            },
            Run(2, 30),
            Run(3, 1000, status: UpgradeTaskStatus.Failed),
            Run(4, null),
        ]);

        Assert.Equal(new AttemptDurations(3, 20, 30, 30), baseline.Find(UpgradeTaskType.Cluster, null));
    }

    [Fact]
    public void The_last_attempt_counts_and_not_all_of_them_together() =>
        Assert.Equal(10, Assert.Single(BaselineBuilder.Of([Run(0, 10, null)]).Entries).Times.P95Seconds);

    [Fact]
    public void Only_the_newest_thousand_workflows_count()
    {
        var runs = Enumerable.Range(0, Baseline.MaxRuns + 500).Select(i => Run(i, i < Baseline.MaxRuns ? 1 : 99)).Reverse();

        Assert.Equal(new AttemptDurations(Baseline.MaxRuns, 1, 1, 1), BaselineBuilder.Of(runs).Find(UpgradeTaskType.Cluster, "v1.28.0"));
    }

    [Fact]
    public void The_same_minor_version_speaks_first_and_any_version_where_it_has_too_few_runs()
    {
        var baseline = BaselineBuilder.Of([
            Run(0, 1, "v1.28.1"),
            Run(1, 1, "v1.28.2-r0"),
            Run(2, 1, "1.28"),
            Run(3, 9, "v1.29.0"),
            Run(4, 9, "v1.29.1"),
            Run(5, 9, "latest"),
            Run(6, 9, null),
        ]);

        Assert.Equal(new AttemptDurations(3, 1, 1, 1), baseline.Find(UpgradeTaskType.Cluster, "v1.28.9-r3"));
        Assert.Equal(new AttemptDurations(7, 9, 9, 9), baseline.Find(UpgradeTaskType.Cluster, "v1.29.9"));
        Assert.Equal(new AttemptDurations(7, 9, 9, 9), baseline.Find(UpgradeTaskType.Cluster, null));
        Assert.Null(baseline.Find(UpgradeTaskType.PreCheck, "v1.28.9"));
        Assert.Null(BaselineBuilder.Of([Run(0, 1), Run(1, 1)]).Find(UpgradeTaskType.Cluster, "v1.28.0"));
    }

    [Fact]
    public void Its_entries_go_by_task_and_version_with_all_versions_first()
    {
        var check = new FinishedTask(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, 1, 1, null, 1, 0);
        var runs = new[] { Run(0, 10, "v1.30.1-r0"), Run(1, 10, "v1.28.1-r0"), Run(2, 10, "v1.29.1-r0") with { Tasks = [check] } };

        var entries = BaselineBuilder.Of([.. runs, Run(3, 10, "v1.29.1-r0")]).Entries;

        Assert.Equal(
            [null, "v1.28", "v1.29", "v1.30"],
            entries.Where(entry => entry.Type == UpgradeTaskType.Cluster).Select(entry => entry.Minor)
        );
        Assert.Equal(["PreCheck", "PreCheck", "Cluster"], entries.Take(3).Select(entry => entry.Type.Value));
    }

    [Theory]
    [InlineData("v1.28.6-r0", "v1.28")]
    [InlineData("v1.28", "v1.28")]
    [InlineData("1.28.6", "v1.28")]
    [InlineData(" V1.28-r3 ", "v1.28")]
    [InlineData("v1.280", "v1.280")]
    [InlineData("v1.28+build", "v1.28")]
    [InlineData("v1", null)]
    [InlineData("v1.", null)]
    [InlineData("v1.-r0", null)]
    [InlineData("v.28", null)]
    [InlineData("v1.28beta", null)]
    [InlineData("va.28", null)]
    [InlineData("latest", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_minor_version_is_the_first_two_numbers(string? version, string? minor) =>
        Assert.Equal(minor, Baseline.MinorOf(version));

    internal static FinishedUpgrade Run(int number, double? seconds, string? version = "v1.28.6-r0", UpgradeTaskStatus? status = null) =>
        new()
        {
            Target = new WorkflowTarget("p", "c", $"w{number}"),
            TargetVersion = version,
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = Newest.AddMinutes(-number),
            Tasks = [new FinishedTask(UpgradeTaskType.Cluster, status ?? UpgradeTaskStatus.Success, seconds, 5 * seconds, null, 2, 1)],
        };
}
