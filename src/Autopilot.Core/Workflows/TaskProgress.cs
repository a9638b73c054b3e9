namespace Autopilot.Core.Workflows;

/// <summary>What a task's status says about its run. Statuses that we don't know are neither under way nor ended by themselves.</summary>
internal static class TaskProgress
{
    /// <summary>Whether somebody has started the task, so that there is a run to speak of.</summary>
    public static bool HasRun(this UpgradeTask task) =>
        task.StartedAt is not null || (task.Status != UpgradeTaskStatus.NotStarted && (task.Status != UpgradeTaskStatus.Init || task.TaskId is not null));

    /// <summary>Waits for upstream's own resources: <c>Queuing</c>, or <c>Init</c> once it has been started.</summary>
    public static bool IsQueued(this UpgradeTask task) =>
        task.Status == UpgradeTaskStatus.Queuing || (task.Status == UpgradeTaskStatus.Init && task.HasRun());

    /// <summary>Runs or is queued.</summary>
    public static bool IsUnderWay(this UpgradeTask task) => task.Status == UpgradeTaskStatus.Running || task.IsQueued();

    /// <summary>Success or failure: the run has ended, though a failed task may be run again.</summary>
    public static bool HasEnded(this UpgradeTaskStatus status) => status == UpgradeTaskStatus.Success || status == UpgradeTaskStatus.Failed;

    /// <summary>Not ended by what the status says: an end beside it belongs to an earlier run.</summary>
    public static bool IsOpen(this UpgradeTaskStatus status) =>
        status == UpgradeTaskStatus.Running || status == UpgradeTaskStatus.Pause || status == UpgradeTaskStatus.Queuing || status == UpgradeTaskStatus.Init;
}
