namespace Autopilot.Core.Workflows;

/// <summary>Decides which runs to ask upstream about, and keeps what it says: pure functions of the row and the time.</summary>
public static class RunProgresses
{
    /// <summary>Least time between two requests about one run.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a document still says how a run stands that is under way. Requests for further ones may end early: by setting, by a
    /// rejection, or for want of room within a limit.
    /// </summary>
    public static readonly TimeSpan CurrentFor = TimeSpan.FromMinutes(30);

    private static readonly UpgradeTaskType[] Asked = [UpgradeTaskType.Cluster, UpgradeTaskType.PreCheck, UpgradeTaskType.Snapshot];

    /// <summary>
    /// The runs to ask about now: a Cluster, PreCheck or Snapshot that runs, at most every <see cref="AskEvery"/>; and a pre-check that
    /// passed, until its document was read once, with pauses after refusals.
    /// </summary>
    public static IReadOnlyList<TaskAttempt> Wanted(TrackedWorkflow row, DateTimeOffset now)
    {
        if (row is not { IsFinished: false, GoneSince: null, State: { } state } || state.Phase.IsTerminal)
        {
            return [];
        }

        List<TaskAttempt>? wanted = null;
        foreach (var type in Asked)
        {
            if (
                TaskAttempts.Current(row.Runs, type) is { TaskId: not null, Missing: false } run
                && IsKept(run)
                && (Of(row.Progress, run) is not { } known || (!known.Final && IsDue(known, now)))
            )
            {
                (wanted ??= []).Add(run);
            }
        }

        return wanted ?? [];
    }

    /// <summary>What says how a run stands as of a time; null where nothing does.</summary>
    internal static RunProgress? CurrentOf(IReadOnlyList<RunProgress> known, TaskAttempt? run, DateTimeOffset asOf) =>
        Of(known, run) is { AnsweredAt: { } answered } progress && (progress.Final || asOf - answered <= CurrentFor) ? progress : null;

    /// <summary>What is known of a run; null while upstream was not asked about it.</summary>
    public static RunProgress? Of(IReadOnlyList<RunProgress> known, TaskAttempt? run)
    {
        if (run is not null)
        {
            foreach (var progress in known)
            {
                if (progress.IsOf(run))
                {
                    return progress;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// What is kept once upstream has answered about <paramref name="run"/>. A missing word changes nothing. Nor do the items of a document
    /// that shows an end before the workflow does: with it they may be risks that the user accepted.
    /// </summary>
    public static IReadOnlyList<RunProgress> Add(
        IReadOnlyList<RunProgress> known,
        TaskAttempt run,
        ProgressReport report,
        DateTimeOffset now
    )
    {
        var before = Of(known, run);
        var passed = run.Status == UpgradeTaskStatus.Success;
        var (items, omitted) = passed || !report.HasEnded ? (report.Items, report.Omitted) : (before?.Items ?? [], before?.Omitted ?? 0);
        var word = report.Progress ?? before?.Word;
        return With(
            known,
            new RunProgress
            {
                Type = run.Type,
                TaskId = run.TaskId!,
                StartedAt = run.StartedAt,
                AskedAt = now,
                AnsweredAt = now,
                Refusals = passed && !report.HasEnded ? (before?.Refusals ?? 0) + 1 : 0,
                Word = word,
                Since =
                    word is null ? null
                    : word == before?.Word ? before.Since
                    : now,
                ReadAt = report.Progress is null ? before?.ReadAt : now,
                Moved = before is { Moved: true } || (before?.Word is { } earlier && word != earlier),
                Items = items,
                Omitted = omitted,
                Skipped = report.Skipped,
                SkippedOmitted = report.SkippedOmitted,
                Final = passed && report.HasEnded,
            }
        );
    }

    /// <summary>What is kept when upstream was asked and gave nothing that can be read: what it said before stays.</summary>
    /// <param name="final">Whether it is not asked about a run that passed any more.</param>
    public static IReadOnlyList<RunProgress> Unanswered(IReadOnlyList<RunProgress> known, TaskAttempt run, DateTimeOffset now, bool final)
    {
        var passed = run.Status == UpgradeTaskStatus.Success;
        var before =
            Of(known, run)
            ?? new RunProgress
            {
                Type = run.Type,
                TaskId = run.TaskId!,
                StartedAt = run.StartedAt,
                AskedAt = now,
            };
        return With(known, before with { AskedAt = now, Refusals = passed ? before.Refusals + 1 : 0, Final = final && passed });
    }

    /// <summary>What is still to be kept beside <paramref name="runs"/>: only of runs under way, and of a passed pre-check.</summary>
    public static IReadOnlyList<RunProgress> Prune(IReadOnlyList<RunProgress> known, IReadOnlyList<TaskAttempt> runs) =>
        known.All(progress => IsNeeded(progress, runs)) ? known : [.. known.Where(progress => IsNeeded(progress, runs))];

    private static bool IsDue(RunProgress known, DateTimeOffset now) =>
        known.AskedAt > now || now - known.AskedAt >= (known.Refusals > 0 ? RejectedReadBackoff.After(known.Refusals) : AskEvery);

    private static bool IsNeeded(RunProgress progress, IReadOnlyList<TaskAttempt> runs) =>
        TaskAttempts.Current(runs, progress.Type) is { } run && IsKept(run) && progress.IsOf(run);

    private static bool IsKept(TaskAttempt run) =>
        run.Status == UpgradeTaskStatus.Running || (run.Type == UpgradeTaskType.PreCheck && run.Status == UpgradeTaskStatus.Success);

    private static IReadOnlyList<RunProgress> With(IReadOnlyList<RunProgress> known, RunProgress progress) =>
        [.. known.Where(other => other.Type != progress.Type), progress];
}
