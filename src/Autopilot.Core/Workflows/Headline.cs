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
            _ when WorkflowReading.IsGoneRow(row) => $"{subject} has been unknown to upstream{Since(row.GoneSince ?? row.EndedAt)}; check its ids, or stop tracking it.",
            { Failure: { } failure } => $"{subject} has been unreadable{Since(failure.Since)}: {failure.Message.TrimEnd('.', ' ')}.",
            { Tracked: false } => $"{subject} was never read and is no longer tracked.",
            _ => $"{subject} has not been read yet; its first poll will show how it stands.",
        };
    }

    /// <summary>Of a workflow that was read.</summary>
    public static string Of(WorkflowReading reading, Assessment assessment, Blockage? blockage, UpgradeEstimate? estimate)
    {
        var subject = Subject(reading);
        return assessment switch
        {
            Assessment.Completed => $"{subject} was completed{At(reading.EndedAt)}{Took(reading.Elapsed)}.",
            Assessment.Cancelled => $"{subject} was cancelled{At(reading.EndedAt)}{Took(reading.Elapsed)}{RolledBack(reading)}.",
            Assessment.Gone => $"{subject} has been unknown to upstream{Since(reading.Row.GoneSince ?? reading.EndedAt)}; check in the CCE console whether it was deleted.",
            _ when blockage is null => Unblocked(subject, reading),
            _ => $"{subject} {Clause(reading, assessment, blockage)}; {Left(reading, assessment, blockage, estimate)}{Action(assessment, blockage)}.",
        };
    }

    private static string Clause(WorkflowReading reading, Assessment assessment, Blockage blockage)
    {
        var name = TaskWords.Name(blockage.Task.Type);
        var since = Since(blockage.Since);
        var lasts = blockage.Since is { } start && start <= reading.AsOf ? $" for {HumanDuration.Of(reading.AsOf - start)},{since}" : since;
        var pace = assessment switch { Assessment.Stalled => "is stalled", Assessment.Slow => "is slow", _ => "is in progress" };
        return blockage.Reason switch
        {
            BlockingReason.RollingBack => $"has been rolling back{lasts}",
            BlockingReason.TaskFailed => $"has been blocked{since}: {name} failed{After(blockage.Task)}{FailureWords.OnItem(blockage.Task.Failure)}",
            BlockingReason.RolledBack => $"was rolled back{At(blockage.Since)} because {name} had failed",
            BlockingReason.Paused => $"has been blocked{since}: {name} is paused",
            BlockingReason.InProgress => $"{pace}: {name} has been running{lasts}",
            BlockingReason.Queued => $"{pace}: {name} has been queued{lasts}",
            BlockingReason.PreCheckExpired => $"has been blocked{since}: the pre-check's result has expired",
            BlockingReason.AwaitingConfirmation => $"is done but has been waiting for confirmation{lasts}",
            BlockingReason.AwaitingStart when assessment == Assessment.NotStarted => $"has not started: {name} has been ready{lasts}",
            BlockingReason.AwaitingStart => $"{(assessment == Assessment.Blocked ? "is blocked" : "is waiting")}: {name} has been ready to start{lasts}",
            _ => $"cannot be judged: {name} has had the unknown status '{blockage.Task.Status}'{lasts}",
        };
    }

    private static string Action(Assessment assessment, Blockage blockage) => assessment switch
    {
        Assessment.Stalled => Remediation.StalledClause,
        Assessment.Slow => Remediation.SlowClause,
        Assessment.Blocked when blockage.Reason is BlockingReason.AwaitingStart or BlockingReason.AwaitingConfirmation => Remediation.PendingClause,
        _ => Remediation.Clause(blockage.Reason, blockage.Task.Type, blockage.Task.Failure),
    };

    /// <summary>Only what history tells, and only while the running task keeps to it: nobody should plan by a guess.</summary>
    private static string Left(WorkflowReading reading, Assessment assessment, Blockage blockage, UpgradeEstimate? estimate) =>
        assessment != Assessment.Progressing || estimate is not { Basis: UpgradeEstimate.ByHistory, RemainingSeconds: > 0 and var seconds } ? ""
        : blockage.Task.Duration >= reading.NormalTimes(blockage.Task.Type)?.P50 ? ""
        : seconds < 60 ? "less than a minute of work left, "
        : $"about {HumanDuration.Of(TimeSpan.FromMinutes(Math.Ceiling(seconds / 60)))} of work left, ";

    private static string Unblocked(string subject, WorkflowReading reading)
    {
        if (reading.Tasks.Count == 0)
        {
            return $"{subject} shows no tasks yet{Phase(reading)}; look at it in the CCE console if that lasts.";
        }

        // A required task that is not done always has one that blocks, if not itself then what it waits for.
        return $"{subject} has all its required tasks done, but upstream has not ended it{Phase(reading)}; look at it in the CCE console if that lasts.";
    }

    private static string Subject(WorkflowReading reading)
    {
        var from = reading.State.FromVersion is { } fromVersion ? $" from {fromVersion}" : "";
        var to = reading.State.TargetVersion is { } toVersion ? $" to {toVersion}" : "";
        return $"Upgrade{Cluster(reading.Row)}{from}{to}";
    }

    private static string Cluster(TrackedWorkflow row) => string.IsNullOrWhiteSpace(row.ClusterName) ? "" : $" of cluster {row.ClusterName}";

    private static string Phase(WorkflowReading reading) => reading.State.Phase.Value.Length == 0 ? "" : $" (phase {reading.State.Phase})";

    private static string RolledBack(WorkflowReading reading) => WorkflowEnd.OutcomeOf(reading.State) == WorkflowOutcome.RolledBack ? ", rolled back to its old version" : "";

    private static string After(TaskTimes task) => task.Duration is { } duration ? $" after {HumanDuration.Of(duration)}" : "";

    private static string At(DateTimeOffset? instant) => instant is { } at ? $" at {HumanDuration.At(at)}" : "";

    private static string Since(DateTimeOffset? instant) => instant is { } at ? $" since {HumanDuration.At(at)}" : "";

    private static string Took(TimeSpan? elapsed) => elapsed is { } took ? $", {HumanDuration.Of(took)} after its creation" : "";
}
