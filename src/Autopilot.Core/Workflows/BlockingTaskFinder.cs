namespace Autopilot.Core.Workflows;

/// <summary>
/// Finds the one task that blocks. That is the rollback while it came last. Else it is the candidate whose reason comes first, and of
/// several the first in execution order.
/// </summary>
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
    public static Blockage? Find(WorkflowAnalysis analysis) => analysis.IsTerminal ? null : ByRollback(analysis) ?? ByCandidates(analysis);

    private static Blockage? ByRollback(WorkflowAnalysis analysis)
    {
        if (analysis.Cluster.Rollback is not { } run || analysis.Find(UpgradeTaskType.Rollback) is not { } rollback)
        {
            return null;
        }

        return run.Status switch
        {
            var status when status == UpgradeTaskStatus.Failed => Of(
                analysis,
                rollback,
                BlockingReason.TaskFailed,
                TaskTimes.EndOf(run),
                run.StatusSince
            ),
            // Beside a cluster run of an unknown status it may be later only by what was seen: then it does not say which version the
            // cluster is on.
            var status when status == UpgradeTaskStatus.Success && analysis.Cluster.Is != ClusterIs.Old => null,
            var status when status == UpgradeTaskStatus.Success => Of(
                analysis,
                analysis.Find(UpgradeTaskType.Cluster) ?? rollback,
                BlockingReason.RolledBack,
                TaskTimes.EndOf(run),
                run.StatusSince
            ),
            _ when !rollback.Task.IsUnderWay() => null,
            var status when status == UpgradeTaskStatus.Pause => Of(analysis, rollback, BlockingReason.Paused),
            _ => Of(analysis, rollback, BlockingReason.RollingBack, rollback.RunStart),
        };
    }

    private static Blockage? ByCandidates(WorkflowAnalysis analysis)
    {
        TaskTimes? first = null;
        var (reason, rank) = (BlockingReason.Unknown, Precedence.Length);
        var working = analysis.Tasks.Exists(static task => task.Required && task.Task.IsUnderWay());
        foreach (var task in analysis.Tasks)
        {
            if (working ? task.Required && task.Task.IsUnderWay() : IsCandidate(analysis, task))
            {
                var its = ReasonOf(analysis, task);
                var itsRank = Array.IndexOf(Precedence, its);
                if (itsRank < rank)
                {
                    (first, reason, rank) = (task, its, itsRank);
                }
            }
        }

        return first is null ? null : Since(analysis, first, reason);
    }

    /// <summary>While no required task is under way.</summary>
    private static bool IsCandidate(WorkflowAnalysis analysis, TaskTimes task) =>
        IsExpired(analysis, task)
        || (
            task.Required
                ? !task.IsSettled && analysis.IsFree(task)
                : task.Type != UpgradeTaskType.Rollback && IsOpenOptional(analysis, task)
        );

    private static bool IsOpenOptional(WorkflowAnalysis analysis, TaskTimes task) =>
        (task.Task.IsUnderWay() || task.Status == UpgradeTaskStatus.Failed) && !task.IsPassedOver && !analysis.IsOvertaken(task);

    private static bool IsExpired(WorkflowAnalysis analysis, TaskTimes task) =>
        PreCheckExpiry.HasExpired(analysis, task) && PreCheckExpiry.UnderWayBetween(analysis) is null;

    private static BlockingReason ReasonOf(WorkflowAnalysis analysis, TaskTimes task) =>
        task.Status switch
        {
            var status when status == UpgradeTaskStatus.Failed => BlockingReason.TaskFailed,
            var status when status == UpgradeTaskStatus.Pause => BlockingReason.Paused,
            var status when status == UpgradeTaskStatus.Running => BlockingReason.InProgress,
            _ when task.Task.IsQueued() => BlockingReason.Queued,
            _ when task.IsDone => BlockingReason.PreCheckExpired,
            _ when !task.AwaitsStart => BlockingReason.Unknown,
            _ when AwaitsConfirmation(analysis, task) => BlockingReason.AwaitingConfirmation,
            _ => BlockingReason.AwaitingStart,
        };

    /// <summary>Only the post-check is left, and the cluster is on the new version: the upgrade is done.</summary>
    private static bool AwaitsConfirmation(WorkflowAnalysis analysis, TaskTimes task) =>
        task is { HasStarted: false }
        && task.Type == UpgradeTaskType.PostCheck
        && analysis.Cluster.Is == ClusterIs.New
        && analysis.Tasks.TrueForAll(other => other == task || !other.Required || other.IsSettled);

    private static Blockage Since(WorkflowAnalysis analysis, TaskTimes task, BlockingReason reason) =>
        reason switch
        {
            _ when analysis.IsPast => new(task, reason, null, SinceObserved: false),
            BlockingReason.TaskFailed => Of(analysis, task, reason, task.EndedAt),
            BlockingReason.InProgress => Of(analysis, task, reason, task.RunStart),
            BlockingReason.PreCheckExpired => Of(analysis, task, reason, task.Task.ExpiresAt),
            BlockingReason.AwaitingConfirmation => SinceLastDone(
                analysis,
                task,
                analysis.Tasks.Where(other => other.Required || other.Type == UpgradeTaskType.Cluster)
            ),
            BlockingReason.AwaitingStart => analysis.CouldStartAgain(task) is { } could && !Clocks.IsAfter(could, analysis.AsOf)
                ? Of(analysis, task, reason, could)
                : Of(analysis, task, reason, null, SuccessSeen(analysis, task)),
            _ => Of(analysis, task, reason),
        };

    /// <summary>The end of the last of them, by upstream where it gives it.</summary>
    private static Blockage SinceLastDone(WorkflowAnalysis analysis, TaskTimes task, IEnumerable<TaskTimes> before)
    {
        var last = before
            .Where(other => other.IsDone)
            .Select(other => Of(analysis, other, BlockingReason.AwaitingConfirmation, other.EndedAt))
            .MaxBy(done => done.Since);
        return new(task, BlockingReason.AwaitingConfirmation, last?.Since, last?.SinceObserved ?? false);
    }

    /// <summary>When the last of what it depends on was first seen done; of a first task, when the workflow was first read.</summary>
    private static DateTimeOffset? SuccessSeen(WorkflowAnalysis analysis, TaskTimes task)
    {
        DateTimeOffset? last = null;
        var open = new Stack<TaskNode>([task.Node]);
        var seen = new HashSet<TaskNode>(open);
        while (open.TryPop(out var node))
        {
            last = node.DependsOn.Count == 0 ? Instants.Later(last, analysis.Row.FirstObservedAt) : last;
            foreach (var dependency in node.DependsOn)
            {
                if (analysis.Find(dependency.Type) is { IsDone: true, StatusSince: var since })
                {
                    last = Instants.Later(last, since);
                }
                else if (seen.Add(dependency))
                {
                    open.Push(dependency);
                }
            }
        }

        return last;
    }

    private static Blockage Of(WorkflowAnalysis analysis, TaskTimes task, BlockingReason reason, DateTimeOffset? since = null) =>
        Of(analysis, task, reason, since, task.StatusSince);

    /// <summary>What upstream says, unless it says nothing or a time still to come; then the first observation.</summary>
    private static Blockage Of(
        WorkflowAnalysis analysis,
        TaskTimes task,
        BlockingReason reason,
        DateTimeOffset? upstream,
        DateTimeOffset? observed
    ) =>
        upstream is not null && !Clocks.IsAfter(upstream, analysis.AsOf)
            ? new(task, reason, upstream, SinceObserved: false)
            : new(task, reason, observed, SinceObserved: observed is not null);
}
