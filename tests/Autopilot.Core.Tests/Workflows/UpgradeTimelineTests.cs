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

        var timeline = UpgradeTimeline.Of(row);

        Assert.Equal((Created, At(10)), (timeline.From, timeline.To));
        Assert.Equal(
            ["Wait NotStarted 0-1 60", "Run Failed 1-3 120", "Wait Failed 3-5 120", "Run Failed 5-8 180", "Wait Failed 8- 120"],
            timeline.Rows.Select(Told));
    }

    [Fact]
    public void What_runs_has_no_end_and_lasts_until_the_last_observation()
    {
        var timeline = UpgradeTimeline.Of(Observe(WorkflowReplay.New(), 6, "Running", "a", 0, null));
        Assert.Equal(["Run Running 0- 360"], timeline.Rows.Select(Told));
    }

    [Fact]
    public void Tasks_stand_in_their_order_with_the_expiry_of_what_nobody_has_used()
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
                new UpgradeTask { Type = UpgradeTaskType.PreCheck, TaskId = "a", Status = UpgradeTaskStatus.Success, StartedAt = At(1), EndedAt = At(2), ExpiresAt = At(62) },
            ],
            Dependencies = [new TaskDependency(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster)],
        };

        var waiting = UpgradeTimeline.Of(WorkflowReplay.Observe(WorkflowReplay.New(), state, At(5)));
        var started = UpgradeTimeline.Of(WorkflowReplay.Observe(WorkflowReplay.New(), state with { Tasks = [state.Tasks[0] with { TaskId = "b", Status = UpgradeTaskStatus.Running, StartedAt = At(4) }, state.Tasks[1]] }, At(5)));

        Assert.Equal(("v1.27.1-r0", "v1.28.6-r0", null), (waiting.FromVersion, waiting.TargetVersion, waiting.EndedAt));
        Assert.Equal([new(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, true, At(62)), new(UpgradeTaskType.Cluster, UpgradeTaskStatus.NotStarted, true, null)], waiting.Tasks!);
        Assert.All(started.Tasks!, task => Assert.Null(task.ExpiresAt));
    }

    [Fact]
    public void Before_the_first_read_there_is_nothing()
    {
        var timeline = UpgradeTimeline.Of(WorkflowReplay.New());
        Assert.Empty(timeline.Rows);
        Assert.Null(timeline.From);
        Assert.Null(timeline.To);
    }

    private static DateTimeOffset At(double minute) => Created.AddMinutes(minute);

    private static string Told(TimelineRow row) =>
        FormattableString.Invariant($"{row.Kind} {row.Status} {(row.StartedAt - Created).TotalMinutes}-{(row.EndedAt - Created)?.TotalMinutes} {row.Seconds}");

    private static TrackedWorkflow Observe(TrackedWorkflow row, double minute, string status, string id, double start, double? end) => WorkflowReplay.Observe(
        row,
        new UpgradeWorkflow
        {
            CreatedAt = Created,
            Phase = WorkflowPhase.Running,
            Tasks = [new UpgradeTask { Type = UpgradeTaskType.Cluster, TaskId = id, Status = new(status), StartedAt = At(start), EndedAt = end is { } at ? At(at) : null }, new UpgradeTask { Type = UpgradeTaskType.PostCheck }],
            Dependencies = [new TaskDependency(UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck)],
        },
        At(minute));
}
