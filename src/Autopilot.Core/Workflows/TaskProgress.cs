namespace Autopilot.Core.Workflows;

/// <summary>What a task's status says about its run. Statuses that we don't know are neither started nor ended by themselves.</summary>
internal static class TaskProgress
{
    /// <summary>Whether somebody has started the task, so that there is a run to speak of.</summary>
    public static bool HasRun(this UpgradeTask task) =>
        task.StartedAt is not null || (task.Status != UpgradeTaskStatus.NotStarted && (task.Status != UpgradeTaskStatus.Init || task.TaskId is not null));

    /// <summary>Success or failure: the run has ended, though a failed task may be run again.</summary>
    public static bool HasEnded(this UpgradeTaskStatus status) => status == UpgradeTaskStatus.Success || status == UpgradeTaskStatus.Failed;
}
