namespace Autopilot.Core.Workflows;

/// <summary>How a task's time compares with what is normal. Until enough runs have finished to know what is normal, only far too long counts.</summary>
internal static class TaskPace
{
    /// <summary>A run longer than this is stalled where too little history says otherwise.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(60);

    /// <summary>A task queued for longer than this is stalled.</summary>
    public static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(30);

    /// <summary>The moment from which the task is stalled; null while it is not.</summary>
    public static DateTimeOffset? StalledSince(TaskTimes task, DateTimeOffset asOf)
    {
        var (since, longest) = task.Status == UpgradeTaskStatus.Running ? (task.Task.StartedAt ?? task.StatusSince, LongestRun)
            : task.Task.IsQueued() ? (task.StatusSince, LongestQueue)
            : (null, default);
        return since is { } start && asOf - start > longest ? start + longest : null;
    }
}
