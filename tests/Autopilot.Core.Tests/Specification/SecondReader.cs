using static Autopilot.Core.Tests.Specification.History;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// The rules of <c>docs/summary.md</c>, read a second time: from upstream's documents to what a summary states. It shares no code with
/// the product, so that a mistake in one of the two shows as a difference.
/// </summary>
internal sealed record SecondReader(
    string Assessment,
    string? BlockingTask,
    string? Reason,
    DateTimeOffset? Since,
    string ClusterIs,
    int Completed,
    int Total,
    IReadOnlyDictionary<string, int> Attempts,
    TimeSplit? Time,
    IReadOnlyList<string> Actions
)
{
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(30);

    /// <summary>Assessments in the order of the page: the first that holds is the one.</summary>
    private static readonly (string Assessment, Func<State, bool> Holds)[] Assessments =
    [
        ("Completed", s => s.View.Phase == "Success"),
        ("Cancelled", s => s.View.Phase == "Cancel"),
        ("Gone", s => s.NotFound >= 3),
        ("RollingBack", s => s.Reason == "RollingBack" && !s.IsStalled),
        ("Blocked", s => s.Reason is "TaskFailed" or "PreCheckExpired" or "Paused" or "RolledBack"),
        ("Stalled", s => s.IsStalled),
        ("Slow", s => s.IsSlow),
        ("Progressing", s => s.View.InOrder.Any(t => t.Stance is StatusMeaning.Running or StatusMeaning.Queued)),
        ("Blocked", s => s.View.Phase == "Pending"),
        ("NotStarted", s => !s.View.InOrder.Any(t => t.HasStarted)),
        ("Waiting", s => s.Reason is "AwaitingStart" or "AwaitingConfirmation" || (s.Blocker is null && s.View.AllDone)),
        ("Unknown", _ => true),
    ];

    /// <param name="sightings">All observations of the workflow, the oldest first, one document at least.</param>
    /// <param name="baseline">What earlier runs took.</param>
    /// <param name="interval">The distance of two polls of a workflow in a phase.</param>
    public static SecondReader Of(IEnumerable<Sighting> sightings, IReadOnlyList<BaselineRow> baseline, Func<string?, TimeSpan> interval)
    {
        var history = new History(sightings);
        var (now, answer, paths) = history.Observations[^1];
        var view = new View(
            now,
            answer.Phase,
            paths,
            history.Shown.Select(s => Now(history, s.Key)),
            history.Created,
            history.Observations[0].At
        );
        var blocker = !view.HasEnded && view.Candidates() is [var first, ..] ? first : null;
        var state = new State(view, blocker, history.NotFoundInARow, PaceOf(blocker, baseline, answer.Target, now));
        var counted = view.Required.Where(t => !view.IsPassedOver(t)).ToList();
        return new SecondReader(
            Assessments.First(a => a.Holds(state)).Assessment,
            blocker?.Task.Type,
            blocker?.Reason,
            blocker?.Since,
            view.ClusterIs,
            counted.Count(t => t.Stance is StatusMeaning.Succeeded && (t.Type != Cluster || view.ClusterIs == "New")),
            counted.Count,
            history.Runs.ToDictionary(r => r.Key, r => r.Value.Count),
            TimeSplit.Of(history, Ended(history, view), interval),
            SpecifiedActions.Of(view, history.NotFoundInARow >= 3, paths.Critical)
        );
    }

    /// <summary>Where the workflow's time ends: its end if it ended, else the observation.</summary>
    private static DateTimeOffset Ended(History history, View view)
    {
        var first = history.Observations.First(o => o.Answer.Phase == view.Phase).At;
        if (view.Phase != "Success")
        {
            return view.Phase == "Cancel" ? first : view.Now;
        }

        return history.Runs.Any(r => IsOpen(r.Value, history.Shown[r.Key][^1].Run))
            ? first
            : history.Runs.Values.SelectMany(r => r).Max(r => r.End) ?? first;
    }

    /// <summary>
    /// Whether a task that was seen running or paused is still without an end: it is missing, its point is bare, or its end is not known.
    /// </summary>
    private static bool IsOpen(List<SpecifiedAttempt> runs, SpecifiedAttempt? shown) =>
        (shown ?? runs[^1]).End is null && runs.Exists(r => r.Seen.Exists(s => s.Stance is StatusMeaning.Running or StatusMeaning.Paused));

    private static View.TaskNow Now(History history, string type)
    {
        var showings = history.Shown[type];
        var last = showings[^1];
        var same = showings.FindLastIndex(s => s.Run is not null || s.Status != last.Status);
        var runs = history
            .Runs.GetValueOrDefault(type, [])
            .ConvertAll(r =>
                (
                    Source: r,
                    Run: new View.RunNow(
                        type,
                        r.Stance,
                        r.Start,
                        r.End,
                        r.Expiry,
                        r.FirstSeen,
                        r.StanceSince,
                        r.HasEnded || r.Replaced,
                        r.LastShown
                    )
                )
            );
        return new View.TaskNow(
            type,
            last.Stance,
            runs.Find(r => r.Source == last.Run).Run,
            [.. runs.Select(r => r.Run)],
            last.Run?.StanceSince ?? showings[same + 1].At,
            !last.Shown
        );
    }

    private static SpecifiedDuration PaceOf(View.Blocker? blocker, IReadOnlyList<BaselineRow> baseline, string? target, DateTimeOffset now)
    {
        if (blocker is not { Task: { UnderWay: true } task })
        {
            return SpecifiedDuration.Ordinary;
        }

        if (task.Stance is StatusMeaning.Queued)
        {
            return now - task.StanceSince > LongestQueue ? SpecifiedDuration.Stalled : SpecifiedDuration.Ordinary;
        }

        var ran = (now - (task.Run!.Start is { } start && start <= now ? start : task.StanceSince)).TotalSeconds;
        var minor = target is null ? null : string.Join('.', target.Split('.').Take(2));
        var known = baseline
            .Where(b => b.Type == task.Type && b.Count >= 3 && (b.Minor is null || b.Minor == minor))
            .MaxBy(b => b.Minor is not null);
        if (known is null)
        {
            return ran > (task.Type is Cluster or Rollback ? 3600 : 900) ? SpecifiedDuration.Stalled : SpecifiedDuration.Ordinary;
        }

        return ran > Math.Max(2 * known.P95, known.P50 + 600) ? SpecifiedDuration.Stalled
            : ran > known.P80 ? SpecifiedDuration.Slow
            : SpecifiedDuration.Ordinary;
    }

    /// <summary>What the table of assessments looks at.</summary>
    private sealed record State(View View, View.Blocker? Blocker, int NotFound, SpecifiedDuration Pace)
    {
        public string? Reason => Blocker?.Reason;

        public bool IsStalled => Pace is Specification.SpecifiedDuration.Stalled;

        public bool IsSlow => Pace is Specification.SpecifiedDuration.Slow;
    }
}
