using Autopilot.Core.Workflows;

namespace Autopilot.Core.Tests.Workflows;

/// <summary>Short ways to say what upstream shows.</summary>
internal static class States
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    public static UpgradeTask Task(
        UpgradeTaskType type,
        UpgradeTaskStatus status,
        string? id = "t",
        double? start = null,
        double? end = null
    ) =>
        new()
        {
            Type = type,
            TaskId = id,
            Status = status,
            StartedAt = start is { } s ? At(s) : null,
            EndedAt = end is { } e ? At(e) : null,
        };

    public static UpgradeWorkflow State(params UpgradeTask[] tasks) =>
        new()
        {
            Phase = WorkflowPhase.Running,
            CreatedAt = Start,
            Tasks = tasks,
            Dependencies =
            [
                new(UpgradeTaskType.PreCheck, UpgradeTaskType.Cluster),
                new(UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck),
            ],
        };
}
