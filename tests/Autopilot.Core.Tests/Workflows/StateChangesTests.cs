using Autopilot.Core.Workflows;
using static Autopilot.Core.Tests.Workflows.States;

namespace Autopilot.Core.Tests.Workflows;

public sealed class StateChangesTests
{
    private static readonly UpgradeTaskType Cluster = UpgradeTaskType.Cluster;

    [Fact]
    public void The_first_state_tells_what_it_shows()
    {
        var state = State(Task(Cluster, UpgradeTaskStatus.NotStarted, null), Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Running, start: 1)) with { FromVersion = "v1", TargetVersion = "v2" };

        Assert.Equal(
            [
                new(null, "phase", null, "Running"),
                new(null, "fromVersion", null, "v1"),
                new(null, "targetVersion", null, "v2"),
                new(UpgradeTaskType.PreCheck, "task", null, "Running"),
                new(Cluster, "task", null, "NotStarted"),
            ],
            StateChanges.Between(null, state));
    }

    [Fact]
    public void What_differs_is_named_in_execution_order()
    {
        var before = State(Task(Cluster, UpgradeTaskStatus.Running, "a", 1), Task(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, "p", 0, 1));
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
            StateChanges.Between(before, after));
    }

    [Fact]
    public void A_task_that_appears_or_vanishes_is_one_change()
    {
        var with = State(Task(Cluster, UpgradeTaskStatus.Failed, start: 1, end: 2), Task(UpgradeTaskType.PostCheck, UpgradeTaskStatus.NotStarted, null));
        var without = with with { Tasks = [with.Tasks[1]] };

        Assert.Equal([new(Cluster, "task", "Failed", null)], StateChanges.Between(with, without));
        Assert.Equal([new(Cluster, "task", null, "Failed")], StateChanges.Between(without, with));
    }

    [Fact]
    public void What_no_name_fits_is_other() =>
        Assert.Equal([new(null, "other", null, null)], StateChanges.Between(State(), State()));
}
