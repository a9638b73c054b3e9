namespace Autopilot.Core.Workflows;

/// <summary>Says of the blocking task what it is about and for how long.</summary>
internal static class BlockingMessage
{
    /// <summary>
    /// One sentence with a full stop; for a failed task, upstream's own text follows. For a workflow that upstream no longer knows, how it
    /// was last seen.
    /// </summary>
    public static string For(WorkflowAnalysis analysis, Blockage blockage) =>
        analysis.IsGone ? LastSeen(analysis, blockage) : $"{Present(analysis, blockage)}.{Words(blockage)}";

    /// <summary>What else runs or is queued, as a clause; null when nothing does.</summary>
    public static string? Meanwhile(WorkflowAnalysis analysis, Blockage blockage) =>
        blockage.Reason is BlockingReason.InProgress or BlockingReason.Queued or BlockingReason.RollingBack
        || analysis.Tasks.Find(task => task != blockage.Task && task.Task.IsRunningOrQueued()) is not { } other
            ? null
            : $"{TaskPhrases.Name(other.Type)} is {(other.Task.IsQueued() ? "queued" : "running")}";

    private static string Present(WorkflowAnalysis analysis, Blockage blockage)
    {
        var task = blockage.Task;
        var name = TaskPhrases.Capitalized(task.Type);
        var lasts = blockage.Lasts(analysis.AsOf) is { } length ? HumanDuration.Of(length) : null;
        var meanwhile = Meanwhile(analysis, blockage) is { } other ? $"; meanwhile {other}" : "";
        return blockage.Reason switch
        {
            BlockingReason.RollingBack => $"{name} has been {(task.Task.IsQueued() ? "queued" : "under way")}{For(lasts)}",
            BlockingReason.TaskFailed => $"{name}{Ran(task)} failed{Ago(lasts)}{Attempt(task)}{Consequence(task, meanwhile)}",
            BlockingReason.RolledBack => $"{name} {Ended(task)}was rolled back{Ago(lasts)}{meanwhile}",
            BlockingReason.Paused => $"{name} has been paused{For(lasts)}{meanwhile}",
            BlockingReason.InProgress => $"{name} has been running{For(lasts)}{Attempt(task)}{Progress(task)}",
            BlockingReason.Queued => $"{name} has been queued{For(lasts)}{Attempt(task)}",
            BlockingReason.PreCheckExpired =>
                $"The pre-check passed, but its result expired{Ago(lasts)} before the cluster upgrade was started{meanwhile}",
            BlockingReason.AwaitingConfirmation => $"The upgrade is done and has been waiting for confirmation{For(lasts)}{meanwhile}",
            BlockingReason.AwaitingStart => $"{name} has been ready to start{For(lasts)}{meanwhile}",
            _ when task.Status.IsKnown =>
                $"{name} has had the status '{task.Status}'{For(lasts)}, which does not say which version the cluster is on{meanwhile}",
            _ => $"{name} has had the status '{task.Status}'{For(lasts)}, which this version does not know{meanwhile}",
        };
    }

    /// <summary>Upstream's own word of the progress, and the items that have failed already.</summary>
    private static string Progress(TaskTimes task) =>
        task is { Progress: { } progress, Current: { } run } && task.Status == UpgradeTaskStatus.Running
            ? (progress.Word is { } word ? $"; upstream's progress is '{JsonStrings.Cut(word, 64)}'" : "")
                + (FailurePhrases.FailedOn(FailedSoFar(progress, run)) is { } items ? $"; failed so far: {items}" : "")
            : "";

    private static TaskFailure FailedSoFar(RunProgress progress, TaskAttempt run) =>
        new()
        {
            Type = run.Type,
            TaskId = progress.TaskId,
            Details = progress.Items,
            Omitted = progress.Omitted,
        };

    private static string LastSeen(WorkflowAnalysis analysis, Blockage blockage)
    {
        var task = blockage.Task;
        var name = TaskPhrases.Name(task.Type);
        var by = blockage.Lasts(analysis.AsOf) is { } length ? $" for {HumanDuration.Of(length)}" : "";
        var was = blockage.Reason switch
        {
            BlockingReason.RollingBack => $"{name} had been under way{by}",
            BlockingReason.TaskFailed => $"{name} had failed",
            BlockingReason.RolledBack => "the upgrade had been rolled back",
            BlockingReason.Paused => $"{name} had been paused{by}",
            BlockingReason.InProgress => $"{name} had been running{by}",
            BlockingReason.Queued => $"{name} had been queued{by}",
            BlockingReason.PreCheckExpired => "the pre-check's result had expired",
            BlockingReason.AwaitingConfirmation => "the upgrade was done and had not been confirmed",
            BlockingReason.AwaitingStart => $"{name} had not been started",
            _ => $"{name} had the status '{task.Status}'",
        };
        return $"When upstream last showed it, at {HumanDuration.At(analysis.AsOf)}, {was}.{Words(blockage)}";
    }

    private static string Words(Blockage blockage) =>
        blockage.Reason is BlockingReason.TaskFailed or BlockingReason.RolledBack ? FailurePhrases.Sentences(blockage.Task.Failure) : "";

    private static string Consequence(TaskTimes task, string meanwhile) =>
        task switch
        {
            { Type.Value: "Rollback" } => $"; the cluster may be between two versions{meanwhile}",
            { Required: false } => $"; the upgrade can go on without it{meanwhile}",
            _ when meanwhile.Length > 0 => meanwhile,
            _ => "; nothing moves until it is run again",
        };

    private static string Ended(TaskTimes task) =>
        task.Status switch
        {
            var status when status == UpgradeTaskStatus.Failed => $"{Ran(task).TrimStart()} failed{Attempt(task)}, and ".TrimStart(),
            var status when status == UpgradeTaskStatus.Success => $"succeeded{Attempt(task)}, and ",
            _ => "",
        };

    private static string For(string? lasts) => lasts is null ? "" : $" for {lasts}";

    private static string Ago(string? lasts) => lasts is null ? "" : $" {lasts} ago";

    private static string Ran(TaskTimes task) => task.Duration is { } duration ? $" ran for {HumanDuration.Of(duration)} and" : "";

    private static string Attempt(TaskTimes task) => task.Runs.Count > 1 ? $" (attempt {task.Runs.Count})" : "";
}
