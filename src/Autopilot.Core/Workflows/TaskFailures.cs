namespace Autopilot.Core.Workflows;

/// <summary>Keeps the failures of attempts, one by one: a pure function of what was kept and what became known.</summary>
public static class TaskFailures
{
    /// <summary>Details kept per workflow, over all its runs.</summary>
    public const int MaxKept = 50;

    private static readonly UpgradeTaskType[] Explained =
    [
        UpgradeTaskType.Snapshot,
        UpgradeTaskType.Rollback,
        UpgradeTaskType.Cluster,
        UpgradeTaskType.PreCheck,
    ];

    /// <summary>
    /// The failed runs that the state shows and that upstream can still be asked about: what is kept says nothing of them yet, or that
    /// upstream's document was larger than a limit that has been raised since.
    /// </summary>
    /// <param name="known">What is kept.</param>
    /// <param name="runs">Every attempt that is known.</param>
    /// <param name="answerLimit">Most bytes of an answer about one task; 0 where that is not known.</param>
    /// <param name="now">The time, for what upstream has refused to say before; null leaves that out.</param>
    public static IReadOnlyList<TaskAttempt> Unexplained(
        IReadOnlyList<TaskFailure> known,
        IReadOnlyList<TaskAttempt> runs,
        int answerLimit = 0,
        DateTimeOffset? now = null
    )
    {
        List<TaskAttempt>? unexplained = null;
        // The pre-check last: what becomes known last is kept at the cost of what was known before, and it has the most to say.
        foreach (var type in Explained)
        {
            if (
                TaskAttempts.Current(runs, type) is { } run
                && (run.TaskId is not null || IsListed(type))
                && run.Status == UpgradeTaskStatus.Failed
                && (Of(known, run) is not { } failure || failure.TooLargeFor < answerLimit || failure.AskAgainAt <= now)
            )
            {
                (unexplained ??= []).Add(run);
            }
        }

        return unexplained ?? [];
    }

    /// <summary>
    /// What is kept when upstream refuses to say why a run failed: it is asked again after a pause (<see cref="RejectedReadBackoff"/>).
    /// </summary>
    public static IReadOnlyList<TaskFailure> Refused(IReadOnlyList<TaskFailure> known, TaskAttempt run, DateTimeOffset now)
    {
        var refusals = (Of(known, run)?.Refusals ?? 0) + 1;
        var failures = Add(known, run, FailureReport.Nothing);
        return [.. failures.SkipLast(1), failures[^1] with { Refusals = refusals, AskAgainAt = now + RejectedReadBackoff.After(refusals) }];
    }

    /// <summary>
    /// What is kept once upstream has answered about <paramref name="run"/>. When there is no room for all, the newest details stay.
    /// </summary>
    public static IReadOnlyList<TaskFailure> Add(IReadOnlyList<TaskFailure> known, TaskAttempt run, FailureReport report)
    {
        var failures = known
            .Where(failure => !failure.IsOf(run))
            .Append(
                new TaskFailure
                {
                    Type = run.Type,
                    TaskId = run.TaskId ?? "",
                    StartedAt = run.StartedAt,
                    Details = report.Details,
                    Omitted = report.Omitted,
                    TooLargeFor = report.TooLargeFor,
                }
            )
            .ToArray();
        var room = MaxKept;
        for (var i = failures.Length - 1; i >= 0; i--)
        {
            var failure = failures[i];
            var kept = Math.Min(failure.Details.Count, room);
            room -= kept;
            if (kept < failure.Details.Count)
            {
                // Without details it still says that upstream has been asked.
                failures[i] = failure with
                {
                    Details = [.. failure.Details.Take(kept)],
                    Omitted = failure.Omitted + failure.Details.Count - kept,
                };
            }
        }

        return failures;
    }

    /// <summary>
    /// What is still to be kept beside <paramref name="runs"/>: an attempt that is under way has not failed (yet), and one that is
    /// forgotten needs no reason.
    /// </summary>
    public static IReadOnlyList<TaskFailure> Prune(IReadOnlyList<TaskFailure> known, IReadOnlyList<TaskAttempt> runs)
    {
        foreach (var failure in known)
        {
            if (!IsNeeded(failure, runs))
            {
                return [.. known.Where(other => IsNeeded(other, runs))];
            }
        }

        return known;
    }

    /// <summary>Whether upstream has a list of such tasks, and no document about one: the id is not needed to ask.</summary>
    internal static bool IsListed(UpgradeTaskType type) => type == UpgradeTaskType.Snapshot || type == UpgradeTaskType.Rollback;

    /// <summary>
    /// What is known of an attempt, the item that decides what to do next first; null while upstream has not answered about it.
    /// </summary>
    internal static TaskFailure? Of(IReadOnlyList<TaskFailure> known, TaskAttempt? run)
    {
        if (run is not null)
        {
            foreach (var failure in known)
            {
                if (failure.IsOf(run))
                {
                    return CheckItemAdvice.LeadingFirst(failure);
                }
            }
        }

        return null;
    }

    private static bool IsNeeded(TaskFailure failure, IReadOnlyList<TaskAttempt> runs)
    {
        foreach (var run in runs)
        {
            if (run.Status == UpgradeTaskStatus.Failed && failure.IsOf(run))
            {
                return true;
            }
        }

        return false;
    }
}
