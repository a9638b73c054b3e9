namespace Autopilot.Core.Workflows;

/// <summary>What the workflow cannot move past now.</summary>
internal sealed record Blockage(TaskTimes Task, BlockingReason Reason, DateTimeOffset? Since);

/// <summary>Finds the one task that blocks. The first reason that has a candidate decides; among several candidates, execution order.</summary>
internal static class BlockingTaskFinder
{
    /// <summary>Null once the phase is terminal, and when every task is done.</summary>
    public static Blockage? Find(WorkflowReading reading) => reading.IsTerminal
        ? null
        : RollingBack(reading)
        ?? Failed(reading)
        ?? First(reading, IsCandidate, task => task.Status == UpgradeTaskStatus.Pause, BlockingReason.Paused, task => task.StatusSince)
        ?? First(reading, IsCandidate, task => task.Status == UpgradeTaskStatus.Running, BlockingReason.InProgress, task => task.Task.StartedAt ?? task.StatusSince)
        ?? First(reading, IsCandidate, task => task.Task.IsQueued(), BlockingReason.Queued, task => task.StatusSince)
        ?? Stranded(reading)
        ?? Expired(reading)
        ?? AwaitingConfirmation(reading)
        ?? First(reading, IsCandidate, task => !task.HasRun, BlockingReason.AwaitingStart, task => CouldStart(reading, task))
        ?? First(reading, IsCandidate, _ => true, BlockingReason.Unknown, task => task.StatusSince);

    /// <summary>
    /// Required and free to go on; or optional, started and not overtaken. What is under way counts whatever it depends on: upstream lets people start tasks out of order.
    /// </summary>
    private static bool IsCandidate(WorkflowReading reading, TaskTimes task) =>
        task is { IsDone: false, Node: not null }
        && (task.Required ? WorkflowReading.IsFree(task) || task.Task.IsUnderWay() || task.Status == UpgradeTaskStatus.Pause : IsOpenOptional(reading, task));

    private static bool IsOpenOptional(WorkflowReading reading, TaskTimes task) => task.HasRun && !reading.IsOvertaken(task);

    private static Blockage? RollingBack(WorkflowReading reading) =>
        Rollback(reading) is { } rollback && !rollback.Status.HasEnded()
            ? new Blockage(rollback, BlockingReason.RollingBack, rollback.Task.StartedAt ?? rollback.StatusSince)
            : null;

    /// <summary>A failed rollback comes before whatever failed and brought it about; a successful one leaves the failed upgrade as rolled back.</summary>
    private static Blockage? Failed(WorkflowReading reading)
    {
        var rollback = Rollback(reading);
        if (rollback?.Status == UpgradeTaskStatus.Failed)
        {
            return TaskFailed(rollback);
        }

        var failed = First(reading, IsCandidate, task => task.Status == UpgradeTaskStatus.Failed, BlockingReason.TaskFailed, FailedSince);
        return RolledBack(rollback, failed);
    }

    private static Blockage? RolledBack(TaskTimes? rollback, Blockage? failed) =>
        failed is not null && failed.Task.Type == UpgradeTaskType.Cluster && rollback is { IsDone: true }
            ? new Blockage(failed.Task, BlockingReason.RolledBack, rollback.EndedAt ?? rollback.StatusSince)
            : failed;

    /// <summary>A rollback that has started, unless a required task has started after it.</summary>
    private static TaskTimes? Rollback(WorkflowReading reading) =>
        reading.Find(UpgradeTaskType.Rollback) is { HasRun: true } rollback && !reading.IsOvertaken(rollback) ? rollback : null;

    /// <summary>A required task that was run before what it depends on and failed: that, and not what nobody has started, is why nothing moves.</summary>
    private static Blockage? Stranded(WorkflowReading reading) => RolledBack(
        Rollback(reading),
        First(
            reading,
            static (reading, task) => task.Required && !reading.IsOvertaken(task),
            task => task.Status == UpgradeTaskStatus.Failed,
            BlockingReason.TaskFailed,
            FailedSince));

    private static Blockage? Expired(WorkflowReading reading) =>
        reading.Find(UpgradeTaskType.PreCheck) is { } check && PreCheckExpiry.UnusedExpiry(check) is { } expiry && expiry <= reading.AsOf
            ? new Blockage(check, BlockingReason.PreCheckExpired, expiry)
            : null;

    private static Blockage? AwaitingConfirmation(WorkflowReading reading)
    {
        if (reading.Find(UpgradeTaskType.PostCheck) is not { Required: true, HasRun: false } confirmation)
        {
            return null;
        }

        DateTimeOffset? lastEnd = null;
        foreach (var task in reading.Tasks)
        {
            if (task.Required && task != confirmation)
            {
                if (!task.IsDone)
                {
                    return null;
                }

                lastEnd = Moments.Later(lastEnd, task.EndedAt ?? task.StatusSince);
            }
        }

        return lastEnd is null ? null : new Blockage(confirmation, BlockingReason.AwaitingConfirmation, lastEnd);
    }

    /// <summary>When the task could have started; where upstream does not tell, when we first saw that it could.</summary>
    private static DateTimeOffset? CouldStart(WorkflowReading reading, TaskTimes task)
    {
        var could = task.CouldStartAt;
        if (could is null)
        {
            foreach (var dependency in task.Node!.DependsOn)
            {
                could = Moments.Later(could, reading.Find(dependency.Type)?.StatusSince);
            }
        }

        return could;
    }

    private static Blockage TaskFailed(TaskTimes task) => new(task, BlockingReason.TaskFailed, FailedSince(task));

    private static DateTimeOffset? FailedSince(TaskTimes task) => task.EndedAt ?? task.StatusSince;

    private static Blockage? First(
        WorkflowReading reading,
        Func<WorkflowReading, TaskTimes, bool> isCandidate,
        Func<TaskTimes, bool> applies,
        BlockingReason reason,
        Func<TaskTimes, DateTimeOffset?> since)
    {
        foreach (var task in reading.Tasks)
        {
            if (applies(task) && isCandidate(reading, task))
            {
                return new Blockage(task, reason, since(task));
            }
        }

        return null;
    }
}
