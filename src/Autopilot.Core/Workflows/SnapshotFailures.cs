namespace Autopilot.Core.Workflows;

/// <summary>Says from the list of backup tasks why a snapshot or a rollback failed.</summary>
public static class SnapshotFailures
{
    /// <summary>How far upstream's times of a task and of its point may be apart.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What the list says of a failed run. A snapshot is found by its id, else by its time; a rollback by its time alone, as upstream
    /// documents no link between the two. What only the time says is marked as probable.
    /// </summary>
    /// <returns>Null while the list shows the task without an end: it is older than the failure.</returns>
    public static FailureReport? Of(SnapshotList list, TaskAttempt run) =>
        run.Type == UpgradeTaskType.Rollback ? OfRollback(list, run) : OfSnapshot(list, run);

    /// <summary>How far a snapshot is that runs: found by its id alone.</summary>
    public static ProgressReport ProgressOf(SnapshotList list, TaskAttempt run) =>
        ProgressReport.Nothing with
        {
            Progress = list.Tasks.FirstOrDefault(task => task.Uid is not null && task.Uid == run.TaskId)?.Progress,
        };

    private static FailureReport? OfSnapshot(SnapshotList list, TaskAttempt run)
    {
        if (list.Tasks.FirstOrDefault(task => task.Uid is not null && task.Uid == run.TaskId) is { } own)
        {
            return own.Items.Any(HasFailed) ? Of(own, probable: false)
                : own.Phase is "Init" or "Queuing" or "Running" ? null
                // A retry has succeeded since: that is no reason of the failure.
                : own.Phase == "Success" ? FailureReport.Nothing
                : Of(own, probable: false);
        }

        var near = list
            .Tasks.Where(task => Fits(task.CreatedAt, run) && !task.Items.Any(item => item.Type == SnapshotItem.Rollback))
            .Where(task => task.Phase != "Success" || task.Items.Any(HasFailed))
            .MaxBy(task => task.CreatedAt);
        return near is null ? FailureReport.Nothing : Of(near, probable: true);
    }

    private static FailureReport OfRollback(SnapshotList list, TaskAttempt run)
    {
        var item = list
            .Tasks.SelectMany(task => task.Items)
            .Where(item =>
                item is { Type: SnapshotItem.Rollback, Message: not null } && (Fits(item.UpdatedAt, run) || Fits(item.CreatedAt, run))
            )
            .OrderByDescending(HasFailed)
            .ThenByDescending(item => item.UpdatedAt ?? item.CreatedAt)
            .FirstOrDefault();
        return item is null ? FailureReport.Nothing : Of(UpgradeTaskType.Rollback, item.Status, null, item.Message, probable: true);
    }

    private static FailureReport Of(SnapshotTask task, bool probable)
    {
        var failed = task.Items.Where(HasFailed).ToList();
        var messages = (failed.Count > 0 ? failed : task.Items).Select(item => item.Message).OfType<string>().Distinct();
        return Of(UpgradeTaskType.Snapshot, task.Phase, task.Progress, string.Join("; ", messages), probable);
    }

    private static FailureReport Of(UpgradeTaskType type, string? phase, string? progress, string? message, bool probable) =>
        TaskDocument.Own(type, phase, progress, string.IsNullOrEmpty(message) ? null : message) is { } detail
            ? new FailureReport([probable ? detail with { Probable = true } : detail])
            : FailureReport.Nothing;

    private static bool HasFailed(SnapshotItem item) => item.Status == "Failed";

    private static bool Fits(DateTimeOffset? at, TaskAttempt run) =>
        at >= (run.StartedAt ?? run.FirstSeenAt ?? run.StatusSince) - Slack && at <= (run.EndedAt ?? run.StatusSince) + Slack;
}
