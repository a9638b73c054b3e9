namespace Autopilot.Core.Workflows;

/// <summary>Says of the blocking task what it is about and for how long.</summary>
internal static class BlockingMessage
{
    /// <summary>One sentence with a full stop; of a failed task, upstream's own words follow.</summary>
    public static string For(WorkflowReading reading, Blockage blockage)
    {
        var task = blockage.Task;
        var name = TaskWords.Capitalized(task.Type);
        var lasts = blockage.Since is { } since && since <= reading.AsOf ? HumanDuration.Of(reading.AsOf - since) : null;
        return blockage.Reason switch
        {
            BlockingReason.RollingBack => $"{name} has been {(task.Task.IsQueued() ? "queued" : "under way")}{For(lasts)}.",
            BlockingReason.TaskFailed => $"{name}{Ran(task)} failed{Ago(lasts)}{Attempt(task)}; nothing moves until it is run again.{FailureWords.Sentences(task.Failure)}",
            BlockingReason.RolledBack => $"{name}{Ran(task)} failed{Attempt(task)}, and was rolled back{Ago(lasts)}.{FailureWords.Sentences(task.Failure)}",
            BlockingReason.Paused => $"{name} has been paused{For(lasts)}.",
            BlockingReason.InProgress => $"{name} has been running{For(lasts)}{Attempt(task)}.",
            BlockingReason.Queued => $"{name} has been queued{For(lasts)}{Attempt(task)}.",
            BlockingReason.PreCheckExpired => $"The pre-check passed, but its result expired{Ago(lasts)} before anything used it.",
            BlockingReason.AwaitingConfirmation => $"The upgrade is done, and nobody has confirmed it{For(lasts)}.",
            BlockingReason.AwaitingStart => $"{name} could start, and nobody has started it{For(lasts)}.",
            _ => $"{name} has had the status '{task.Status}'{For(lasts)}, which this version does not know.",
        };
    }

    private static string For(string? lasts) => lasts is null ? "" : $" for {lasts}";

    private static string Ago(string? lasts) => lasts is null ? "" : $" {lasts} ago";

    private static string Ran(TaskTimes task) => task.Duration is { } duration ? $" ran for {HumanDuration.Of(duration)} and" : "";

    private static string Attempt(TaskTimes task) => task.Runs.Count > 1 ? $" (attempt {task.Runs.Count})" : "";
}
