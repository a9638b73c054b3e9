namespace Autopilot.Core.Workflows;

/// <summary>One sentence that a person can act on: the workflow's way, what blocks it, since when, and what to do.</summary>
internal static class Headline
{
    /// <summary>Of a workflow that was never read.</summary>
    public static string Unread(TrackedWorkflow row)
    {
        var subject = $"Upgrade workflow {row.Target.WorkflowId}{Cluster(row)}";
        return row switch
        {
            _ when WorkflowAnalysis.IsGoneRow(row) =>
                $"{subject} has been unknown to upstream{Since(row.GoneSince ?? row.EndedAt)}; check its ids, or stop tracking it.",
            { Failure: { } failure } => $"{subject} has been unreadable{Since(failure.Since)}: {failure.Message.TrimEnd('.', ' ')}.",
            { Tracked: false } => $"{subject} was never read and is no longer tracked.",
            _ => $"{subject} has not been read yet; its first poll will show how it stands.",
        };
    }

    /// <summary>Of a workflow that was read.</summary>
    /// <param name="advice">What to do; null where there is nothing to do.</param>
    public static string Of(WorkflowAnalysis analysis, Assessment assessment, Blockage? blockage, UpgradeEstimate? estimate, Advice? advice)
    {
        var sentence = Present(analysis, assessment, blockage, estimate, advice);
        return analysis.Row.Tracked || assessment is Assessment.Completed or Assessment.Cancelled
            ? sentence
            : $"{sentence.TrimEnd('.')} (as of {HumanDuration.At(analysis.AsOf)}, no longer tracked).";
    }

    private static string Present(
        WorkflowAnalysis analysis,
        Assessment assessment,
        Blockage? blockage,
        UpgradeEstimate? estimate,
        Advice? advice
    )
    {
        var subject = Subject(analysis);
        var toDo = advice is { } known ? $"; {Left(analysis, assessment, blockage, estimate)}{known.Clause.Text}" : "";
        return assessment switch
        {
            Assessment.Completed => $"{subject} {Completed(analysis)}{toDo}.",
            Assessment.Cancelled =>
                $"{subject} was cancelled{At(analysis.EndedAt)}{Took(analysis.Elapsed)}{LeftOn(analysis.Cluster)}{toDo}.",
            Assessment.Gone => $"{subject} has been unknown to upstream{Since(analysis.Row.GoneSince ?? analysis.EndedAt)}{toDo}.",
            _ when blockage is null => $"{subject} {Unblocked(analysis)}{Phase(analysis)}{toDo}.",
            _ => $"{subject} {Clause(analysis, assessment, blockage)}{Meanwhile(analysis, blockage)}{toDo}.",
        };
    }

    private static string Clause(WorkflowAnalysis analysis, Assessment assessment, Blockage blockage)
    {
        var task = blockage.Task;
        var name = TaskPhrases.Name(task.Type);
        // The task may have been in this state before the observation that first showed it.
        var since = blockage.SinceObserved ? $", seen{Since(blockage.Since)}" : Since(blockage.Since);
        var lasts = blockage.Lasts(analysis.AsOf) is { } length ? $" for {HumanDuration.Of(length)},{since.TrimStart(',')}" : since;
        var pace = assessment switch
        {
            Assessment.Stalled => "is stalled",
            Assessment.Slow => "is slow",
            _ => "is in progress",
        };
        return blockage.Reason switch
        {
            BlockingReason.RollingBack when assessment == Assessment.Stalled =>
                $"is stalled: {name} has been {(task.Task.IsQueued() ? "queued" : "under way")}{lasts}",
            BlockingReason.RollingBack when task.Task.IsQueued() => $"is to be rolled back: {name} has been queued{lasts}",
            BlockingReason.RollingBack => $"has been rolling back{lasts}",
            BlockingReason.TaskFailed => $"has been blocked{since}: {name} failed{After(task)}{FailurePhrases.OnItem(task.Failure)}",
            BlockingReason.RolledBack => $"was rolled back{(blockage.SinceObserved ? ", seen" : "")}{At(blockage.Since)}"
                + (task.Status == UpgradeTaskStatus.Failed ? $" because {name} had failed" : ""),
            BlockingReason.Paused => $"has been blocked{since}: {name} is paused",
            BlockingReason.InProgress => $"{pace}: {name} has been running{lasts}",
            BlockingReason.Queued => $"{pace}: {name} has been queued{lasts}",
            BlockingReason.PreCheckExpired => $"has been blocked{since}: the pre-check's result has expired",
            BlockingReason.AwaitingConfirmation => $"is done but has been waiting for confirmation{lasts}",
            BlockingReason.AwaitingStart when assessment == Assessment.NotStarted => $"has not started: {name} has been ready{lasts}",
            BlockingReason.AwaitingStart =>
                $"{(assessment == Assessment.Blocked ? "is blocked" : "is waiting")}: {name} has been ready to start{lasts}",
            _ when assessment == Assessment.Stalled => $"is stalled: {name} has had the unknown status '{task.Status}'{lasts}",
            _ when task.Status.IsKnown =>
                $"cannot be judged: {name} has had the status '{task.Status}'{lasts}, which does not say which version the cluster is on",
            _ => $"cannot be judged: {name} has had the unknown status '{task.Status}'{lasts}",
        };
    }

    /// <summary>That nothing moves is never said while something does.</summary>
    private static string Meanwhile(WorkflowAnalysis analysis, Blockage blockage) =>
        BlockingMessage.Meanwhile(analysis, blockage) is { } other ? $", while {other}" : "";

    /// <summary>Upstream's phase alone makes no success: where the cluster contradicts it, that comes first.</summary>
    private static string Completed(WorkflowAnalysis analysis)
    {
        var ended = $"{At(analysis.EndedAt)}{Took(analysis.Elapsed)}";
        var failed = analysis.Find(UpgradeTaskType.Cluster)?.Status == UpgradeTaskStatus.Failed;
        var contradiction = analysis.Cluster switch
        {
            { Is: ClusterIs.New } => null,
            { Is: ClusterIs.Old, ByRollback: true } => failed
                ? "failed and was rolled back to the old version"
                : "was rolled back to the old version",
            { Is: ClusterIs.Old } => "never changed the cluster, which is on its old version",
            { Is: ClusterIs.Between } => failed
                ? "failed and left the cluster possibly between two versions"
                : "left the cluster possibly between two versions",
            _ => "cannot be confirmed, as it is unknown which version the cluster is on",
        };
        return contradiction is null ? $"was completed{ended}" : $"{contradiction}, although upstream says Success; it ended{ended}";
    }

    private static string LeftOn(ClusterVersion cluster) =>
        cluster switch
        {
            { Is: ClusterIs.Old, ByRollback: true } => ", rolled back to its old version",
            { Is: ClusterIs.Old } => "",
            { Is: ClusterIs.New } => ", with the cluster on the new version",
            { Is: ClusterIs.Between } => ", with the cluster possibly between two versions",
            _ => ", and it is unknown which version the cluster is on",
        };

    /// <summary>Only what history says, and only while the running task keeps to it: a guess is nothing to plan by.</summary>
    private static string Left(WorkflowAnalysis analysis, Assessment assessment, Blockage? blockage, UpgradeEstimate? estimate) =>
        assessment != Assessment.Progressing
        || blockage is null
        || estimate is not { Basis: UpgradeEstimate.ByHistory, RemainingSeconds: > 0 and var seconds }
            ? ""
        : blockage.Task.Duration >= analysis.NormalTimes(blockage.Task.Type)?.P50 ? ""
        : seconds < 60 ? "less than a minute of work left, "
        : $"about {HumanDuration.Of(TimeSpan.FromMinutes(Math.Ceiling(seconds / 60)))} of work left, ";

    /// <summary>Whenever a required task is unfinished, one blocks: the task itself or one that it waits for.</summary>
    private static string Unblocked(WorkflowAnalysis analysis) =>
        analysis.Cluster.Is == ClusterIs.New
            ? "has all its required tasks done, but upstream has not ended it"
            : "has no task left to do, but the cluster is "
                + $"{(analysis.Cluster.Is == ClusterIs.Unknown ? "on an unknown version" : "not on the new version")}";

    private static string Subject(WorkflowAnalysis analysis)
    {
        var from = analysis.State.FromVersion is { } fromVersion ? $" from {fromVersion}" : "";
        var to = analysis.State.TargetVersion is { } toVersion ? $" to {toVersion}" : "";
        return $"Upgrade{Cluster(analysis.Row)}{from}{to}";
    }

    /// <summary>By its name, which people know, else by its id.</summary>
    private static string Cluster(TrackedWorkflow row) =>
        $" of cluster {(string.IsNullOrWhiteSpace(row.ClusterName) ? row.Target.ClusterId : row.ClusterName)}";

    private static string Phase(WorkflowAnalysis analysis) =>
        analysis.State.Phase.Value.Length == 0 ? "" : $" (phase {analysis.State.Phase})";

    private static string After(TaskTimes task) => task.Duration is { } duration ? $" after {HumanDuration.Of(duration)}" : "";

    private static string At(DateTimeOffset? instant) => instant is { } at ? $" at {HumanDuration.At(at)}" : "";

    private static string Since(DateTimeOffset? instant) => instant is { } at ? $" since {HumanDuration.At(at)}" : "";

    private static string Took(TimeSpan? elapsed) => elapsed is { } took ? $", {HumanDuration.Of(took)} after its creation" : "";
}
