namespace Autopilot.Core.Workflows;

/// <summary>What a task's status says about its run.</summary>
internal static class TaskProgress
{
    /// <summary>Whether there is a run to speak of, started or queued.</summary>
    public static bool HasRun(this UpgradeTask task) =>
        task.StartedAt is not null
        || (task.Status != UpgradeTaskStatus.NotStarted && (task.Status != UpgradeTaskStatus.Init || task.TaskId is not null));

    /// <summary>Waits for upstream's own resources: <c>Queuing</c>, or <c>Init</c> once it has a task id or a start.</summary>
    public static bool IsQueued(this UpgradeTask task) =>
        task.Status == UpgradeTaskStatus.Queuing || (task.Status == UpgradeTaskStatus.Init && task.HasRun());

    /// <summary>Running or queued.</summary>
    public static bool IsRunningOrQueued(this UpgradeTask task) => task.Status == UpgradeTaskStatus.Running || task.IsQueued();

    /// <summary>Running, queued or paused; of an unknown status, once it has a task id or a start.</summary>
    public static bool IsUnderWay(this UpgradeTask task) =>
        task.IsRunningOrQueued()
        || task.Status == UpgradeTaskStatus.Pause
        || (!task.Status.IsKnown && (task.TaskId is not null || task.StartedAt is not null));

    /// <summary>Whether a run in this status has started: a queued one has not, and of an unknown status nothing is known.</summary>
    public static bool HasStarted(this UpgradeTaskStatus status) => status.IsRunningOrPaused() || status.HasEnded();

    /// <summary>Running or paused.</summary>
    public static bool IsRunningOrPaused(this UpgradeTaskStatus status) =>
        status == UpgradeTaskStatus.Running || status == UpgradeTaskStatus.Pause;

    /// <summary>Success or failure: the run has ended, though a failed task may be run again.</summary>
    public static bool HasEnded(this UpgradeTaskStatus status) => status == UpgradeTaskStatus.Success || status == UpgradeTaskStatus.Failed;

    /// <summary>Not ended by what the status says: an end beside it belongs to an earlier run.</summary>
    public static bool IsOpen(this UpgradeTaskStatus status) =>
        status.IsRunningOrPaused() || status == UpgradeTaskStatus.Queuing || status == UpgradeTaskStatus.Init;
}
