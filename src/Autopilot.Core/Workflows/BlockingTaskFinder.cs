namespace Autopilot.Core.Workflows;

/// <summary>Finds the one task that blocks: the rollback while it came last; else of all candidates the one whose reason comes first, and of several the first in execution order.</summary>
internal static class BlockingTaskFinder
{
    /// <summary>Which reason goes before which.</summary>
    private static readonly BlockingReason[] Precedence =
    [
        BlockingReason.TaskFailed,
        BlockingReason.Paused,
        BlockingReason.InProgress,
        BlockingReason.Queued,
        BlockingReason.PreCheckExpired,
        BlockingReason.AwaitingConfirmation,
        BlockingReason.AwaitingStart,
        BlockingReason.Unknown,
    ];

    /// <summary>Null once the phase is terminal, and when every required task is done or passed over.</summary>
    public static Blockage? Find(WorkflowReading reading) => reading.IsTerminal ? null : ByRollback(reading) ?? ByCandidates(reading);

    private static Blockage? ByRollback(WorkflowReading reading)
    {
        if (reading.Cluster.Rollback is not { } run || reading.Find(UpgradeTaskType.Rollback) is not { } rollback)
        {
            return null;
        }

        return run.Status switch
        {
            var status when status == UpgradeTaskStatus.Failed => Of(reading, rollback, BlockingReason.TaskFailed, TaskTimes.EndOf(run), run.StatusSince),
            // Beside a cluster run of an unknown status it may be later only by what was seen: then it does not say which version the cluster is on.
            var status when status == UpgradeTaskStatus.Success && reading.Cluster.Is != ClusterIs.Old => null,
            var status when status == UpgradeTaskStatus.Success => Of(reading, reading.Find(UpgradeTaskType.Cluster) ?? rollback, BlockingReason.RolledBack, TaskTimes.EndOf(run), run.StatusSince),
            _ when !rollback.Task.IsUnderWay() => null,
            var status when status == UpgradeTaskStatus.Pause => Of(reading, rollback, BlockingReason.Paused),
            _ => Of(reading, rollback, BlockingReason.RollingBack, rollback.RunStart),
        };
    }

    private static Blockage? ByCandidates(WorkflowReading reading)
    {
        TaskTimes? first = null;
        var (reason, rank) = (BlockingReason.Unknown, Precedence.Length);
        var working = reading.Tasks.Exists(static task => task.Required && task.Task.IsUnderWay());
        foreach (var task in reading.Tasks)
        {
            if (working ? task.Required && task.Task.IsUnderWay() : IsCandidate(reading, task))
            {
                var its = ReasonOf(reading, task);
                var itsRank = Array.IndexOf(Precedence, its);
                if (itsRank < rank)
                {
                    (first, reason, rank) = (task, its, itsRank);
                }
            }
        }

        return first is null ? null : Since(reading, first, reason);
    }

    /// <summary>While no required task is under way.</summary>
    private static bool IsCandidate(WorkflowReading reading, TaskTimes task) =>
        IsExpired(reading, task)
        || (task.Required ? !task.IsSettled && reading.IsFree(task) : task.Type != UpgradeTaskType.Rollback && IsOpenOptional(reading, task));

    private static bool IsOpenOptional(WorkflowReading reading, TaskTimes task) =>
        (task.Task.IsUnderWay() || task.Status == UpgradeTaskStatus.Failed) && !task.IsPassedOver && !reading.IsOvertaken(task);

    private static bool IsExpired(WorkflowReading reading, TaskTimes task) =>
        PreCheckExpiry.HasExpired(reading, task) && PreCheckExpiry.UnderWayBetween(reading) is null;

    private static BlockingReason ReasonOf(WorkflowReading reading, TaskTimes task) => task.Status switch
    {
        var status when status == UpgradeTaskStatus.Failed => BlockingReason.TaskFailed,
        var status when status == UpgradeTaskStatus.Pause => BlockingReason.Paused,
        var status when status == UpgradeTaskStatus.Running => BlockingReason.InProgress,
        _ when task.Task.IsQueued() => BlockingReason.Queued,
        _ when task.IsDone => BlockingReason.PreCheckExpired,
        _ when !task.AwaitsStart => BlockingReason.Unknown,
        _ when AwaitsConfirmation(reading, task) => BlockingReason.AwaitingConfirmation,
        _ => BlockingReason.AwaitingStart,
    };

    /// <summary>Only the post-check is left, and the cluster is on the new version: the upgrade is done.</summary>
    private static bool AwaitsConfirmation(WorkflowReading reading, TaskTimes task) =>
        task is { HasStarted: false } && task.Type == UpgradeTaskType.PostCheck && reading.Cluster.Is == ClusterIs.New
        && reading.Tasks.TrueForAll(other => other == task || !other.Required || other.IsSettled);

    private static Blockage Since(WorkflowReading reading, TaskTimes task, BlockingReason reason) => reason switch
    {
        _ when reading.IsPast => new(task, reason, null, SinceObserved: false),
        BlockingReason.TaskFailed => Of(reading, task, reason, task.EndedAt),
        BlockingReason.InProgress => Of(reading, task, reason, task.RunStart),
        BlockingReason.PreCheckExpired => Of(reading, task, reason, task.Task.ExpiresAt),
        BlockingReason.AwaitingConfirmation => SinceLastDone(reading, task, reading.Tasks.Where(other => other.Required || other.Type == UpgradeTaskType.Cluster)),
        BlockingReason.AwaitingStart => reading.CouldStartAgain(task) is { } could && !Clocks.IsAfter(could, reading.AsOf)
            ? Of(reading, task, reason, could)
            : Of(reading, task, reason, null, SuccessSeen(reading, task)),
        _ => Of(reading, task, reason),
    };

    /// <summary>The end of the last of them, by upstream where it gives it.</summary>
    private static Blockage SinceLastDone(WorkflowReading reading, TaskTimes task, IEnumerable<TaskTimes> before)
    {
        var last = before.Where(other => other.IsDone)
            .Select(other => Of(reading, other, BlockingReason.AwaitingConfirmation, other.EndedAt))
            .MaxBy(done => done.Since);
        return new(task, BlockingReason.AwaitingConfirmation, last?.Since, last?.SinceObserved ?? false);
    }

    /// <summary>When the last of what it depends on was first seen done; of a first task, when the workflow was first read.</summary>
    private static DateTimeOffset? SuccessSeen(WorkflowReading reading, TaskTimes task)
    {
        DateTimeOffset? last = null;
        var open = new Stack<TaskNode>([task.Node]);
        var seen = new HashSet<TaskNode>(open);
        while (open.TryPop(out var node))
        {
            last = node.DependsOn.Count == 0 ? Moments.Later(last, reading.Row.FirstObservedAt) : last;
            foreach (var dependency in node.DependsOn)
            {
                if (reading.Find(dependency.Type) is { IsDone: true, StatusSince: var since })
                {
                    last = Moments.Later(last, since);
                }
                else if (seen.Add(dependency))
                {
                    open.Push(dependency);
                }
            }
        }

        return last;
    }

    private static Blockage Of(WorkflowReading reading, TaskTimes task, BlockingReason reason, DateTimeOffset? since = null) =>
        Of(reading, task, reason, since, task.StatusSince);

    /// <summary>What upstream says, unless it says nothing or a moment still to come; then the first observation.</summary>
    private static Blockage Of(WorkflowReading reading, TaskTimes task, BlockingReason reason, DateTimeOffset? upstream, DateTimeOffset? observed) =>
        upstream is not null && !Clocks.IsAfter(upstream, reading.AsOf)
            ? new(task, reason, upstream, SinceObserved: false)
            : new(task, reason, observed, SinceObserved: observed is not null);
}
