using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

public sealed class StateChangesTests
{
    private static readonly UpgradeTaskType Cluster = UpgradeTaskType.Cluster;

    [Fact]
    public void The_first_state_lists_what_it_shows()
    {
        var state = State(
            Task(Cluster, UpgradeTaskStatus.NotStarted, null),
            Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Running, start: 1)
        ) with
        {
            FromVersion = "v1",
            TargetVersion = "v2",
        };

        Assert.Equal(
            [
                new(null, "phase", null, "Running"),
                new(null, "fromVersion", null, "v1"),
                new(null, "targetVersion", null, "v2"),
                new(UpgradeTaskType.PreCheck, "task", null, "Running"),
                new(Cluster, "task", null, "NotStarted"),
            ],
            StateChanges.Between(null, state)
        );
    }

    [Fact]
    public void What_differs_is_named_in_execution_order()
    {
        var before = State(
            Task(Cluster, UpgradeTaskStatus.Running, "a", 1),
            Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p", 0, 1)
        );
        var after = before with
        {
            Phase = WorkflowPhase.Pending,
            TargetVersion = "v2",
            Dependencies = [.. before.Dependencies.Take(1)],
            Tasks = [Task(Cluster, UpgradeTaskStatus.Failed, "b", 2, 3), before.Tasks[1] with { ExpiresAt = At(60) }],
        };

        Assert.Equal(
            [
                new(null, "phase", "Running", "Pending"),
                new(null, "targetVersion", null, "v2"),
                new(null, "dependencies", "Cluster→PostCheck, PreCheck→Cluster", "PreCheck→Cluster"),
                new(UpgradeTaskType.PreCheck, "expiresAt", null, "2026-11-20T09:00:00Z"),
                new(Cluster, "status", "Running", "Failed"),
                new(Cluster, "taskId", "a", "b"),
                new(Cluster, "startedAt", "2026-11-20T08:01:00Z", "2026-11-20T08:02:00Z"),
                new(Cluster, "endedAt", null, "2026-11-20T08:03:00Z"),
            ],
            StateChanges.Between(before, after)
        );
    }

    [Fact]
    public void A_task_that_appears_or_vanishes_is_one_change()
    {
        var with = State(
            Task(Cluster, UpgradeTaskStatus.Failed, start: 1, end: 2),
            Task(UpgradeTaskType.PostCheck, UpgradeTaskStatus.NotStarted, null)
        );
        var without = with with { Tasks = [with.Tasks[1]] };

        Assert.Equal([new(Cluster, "task", "Failed", null)], StateChanges.Between(with, without));
        Assert.Equal([new(Cluster, "task", null, "Failed")], StateChanges.Between(without, with));
    }

    [Theory]
    [InlineData(200, 200, "task")]
    [InlineData(201, 201, "other")]
    [InlineData(5000, 201, "other")]
    public void Of_more_than_two_hundred_changes_the_rest_is_counted(int tasks, int reported, string last)
    {
        var before = State();
        var after = before with
        {
            Tasks = [.. Enumerable.Range(0, tasks).Select(i => Task(new UpgradeTaskType($"t{i}"), UpgradeTaskStatus.Running))],
        };

        var changes = StateChanges.Between(before, after);

        Assert.Equal(reported, changes.Count);
        Assert.All(changes.Take(200), change => Assert.Equal("task", change.What));
        Assert.Equal(last, changes[^1].What);
        Assert.Equal(tasks == 200 ? "Running" : $"{tasks - 200} more changes", changes[^1].To);
    }

    [Fact]
    public void Lines_too_long_to_show_are_compared_whole_and_shown_cut()
    {
        var before = State() with
        {
            Dependencies =
            [
                .. Enumerable.Range(0, 200).Select(i => new TaskDependency(new UpgradeTaskType($"{i:d3}{new string('x', 60)}"), Cluster)),
            ],
        };
        var after = before with { Dependencies = [.. before.Dependencies.Take(199)] };

        var change = Assert.Single(StateChanges.Between(before, after));

        Assert.Equal("dependencies", change.What);
        Assert.Equal((4097, 4097), (change.From!.Length, change.To!.Length));
        Assert.EndsWith("…", change.From, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_name_fits_is_other() => Assert.Equal([new(null, "other", null, null)], StateChanges.Between(State(), State()));
}
