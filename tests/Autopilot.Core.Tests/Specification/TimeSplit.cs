namespace Autopilot.Core.Tests.Specification;

/// <summary>Every second from the creation to the end, each as exactly one of five kinds.</summary>
internal sealed record TimeSplit(IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, string Kind)> Parts)
{
    /// <summary>None where the creation is not known, or lies after the end by more than two clocks differ.</summary>
    public static TimeSplit? Of(History history, DateTimeOffset end, Func<string?, TimeSpan> interval)
    {
        if (history.Created is not { } created || created > end + TimeSpan.FromSeconds(5))
        {
            return null;
        }

        var scenarios = history.Shown.Keys.ToDictionary(
            t => t,
            t => history.Runs.GetValueOrDefault(t, []).SelectMany(TaskLife.Of).ToList()
        );
        DateTimeOffset[] times =
        [
            created,
            end,
            .. history.Observations.Select(o => o.At),
            .. scenarios.Values.SelectMany(l => l).SelectMany(l => new[] { l.Start, l.End, l.Expiry }).OfType<DateTimeOffset>(),
        ];
        var marks = times.Where(t => t >= created && t <= end).Distinct().Order().ToList();
        return new TimeSplit([.. marks.Zip(marks.Skip(1), (from, to) => (from, to, new Instant(history, scenarios, from, interval).Kind))]);
    }

    /// <summary>All time of one kind.</summary>
    public TimeSpan Sum(string kind) => Parts.Where(p => p.Kind == kind).Aggregate(TimeSpan.Zero, (sum, p) => sum + (p.To - p.From));

    /// <summary>What held at one moment, by upstream's own times first, else by the observations around it.</summary>
    private sealed class Instant
    {
        private readonly History _history;
        private readonly Dictionary<string, List<TaskLife>> _lives;
        private readonly DateTimeOffset _at;
        private readonly int _last;

        /// <summary>The observation that ends the gap in which the moment lies; none where it lies in no gap.</summary>
        private readonly DateTimeOffset? _gapEnd;

        public Instant(History history, Dictionary<string, List<TaskLife>> scenarios, DateTimeOffset at, Func<string?, TimeSpan> interval)
        {
            (_history, _lives, _at) = (history, scenarios, at);
            var seen = history.Observations;
            _last = seen.FindLastIndex(o => o.At <= at);
            var isGap =
                _last < 0 || (_last + 1 < seen.Count && seen[_last + 1].At - seen[_last].At > 3 * interval(seen[_last].Answer.Phase));
            _gapEnd = isGap ? seen[_last + 1].At : null;
        }

        public string Kind
        {
            get
            {
                var tasks = _history.Shown.Keys.Select(Task).ToList();
                bool Any(StatusMeaning stance) => tasks.Exists(t => t.Stance == stance || t.Runs.Any(r => !r.IsOver && r.Stance == stance));
                if (Any(StatusMeaning.Running))
                {
                    return "work";
                }

                if (Any(StatusMeaning.Queued))
                {
                    return "queue";
                }

                if (Any(StatusMeaning.Paused))
                {
                    return "blocked";
                }

                if (Any(StatusMeaning.Limbo) || Any(StatusMeaning.Unfamiliar))
                {
                    return "unknown";
                }

                // The lines of the present answer hold for the past, too.
                var phase = _history.Observations[Math.Max(_last, 0)].Answer.Phase;
                var view = new View(_at, phase, _history.Observations[^1].Paths, tasks, _history.Created, _history.Observations[0].At);
                var reasons = view.Candidates().Select(c => c.Reason).ToHashSet();
                return reasons.Overlaps(["TaskFailed", "PreCheckExpired", "RolledBack"]) ? "blocked"
                    : reasons.Overlaps(["AwaitingStart", "AwaitingConfirmation"]) || reasons.Count == 0 ? "person"
                    : "unknown";
            }
        }

        private View.TaskNow Task(string type)
        {
            var all = _lives[type];
            var begun = all.Select((r, i) => (Life: r, Stance: StanceOf(r, all.ElementAtOrDefault(i + 1))))
                .Where(r => r.Stance is not null)
                .ToList();
            var runs = begun.ConvertAll(r =>
                (
                    r.Life,
                    Run: new View.RunNow(
                        type,
                        r.Stance!.Value,
                        r.Stance is StatusMeaning.Queued ? null : r.Life.Start,
                        EndOf(r.Life, r.Stance.Value),
                        r.Life.Expiry,
                        r.Life.FirstSeen,
                        r.Life.HasEnded ? r.Life.EndSeen : _at,
                        r.Stance is StatusMeaning.Succeeded or StatusMeaning.Failed || (r.Life.Replaced && _at >= r.Life.LastShown),
                        r.Life.LastShown
                    )
                )
            );
            var last = runs.LastOrDefault();
            if (
                last.Life is { } scenario
                && scenario == all[^1]
                && scenario.LastShown <= _at
                && _history.Shown[type][^1].Run is var shown
                && scenario.Source != shown
            )
            {
                // Upstream stopped to show it, and nothing came after it: what is shown to this day counts, or the point was bare.
                last = runs.LastOrDefault(r => r.Life.Source == shown);
            }

            var stance = all.Exists(r => IsFog(r) && !runs.Exists(b => b.Life == r))
                ? StatusMeaning.Limbo
                : last.Run?.Stance ?? StatusMeaning.NotStarted;
            return new View.TaskNow(type, stance, last.Run, [.. runs.Select(r => r.Run)], _at, false);
        }

        /// <summary>
        /// A run whose start upstream does not give comes into sight at the end of a gap: what was before, back to the last known time,
        /// is not known.
        /// </summary>
        private bool IsFog(TaskLife run) =>
            run.FirstSeen == _gapEnd
            && (run.Start is null || (run.Start > run.FirstSeen && run.Seen[0].Stance is StatusMeaning.Queued))
            && !_lives
                .Values.SelectMany(r => r)
                .Where(r => r != run)
                .SelectMany(r => new[] { r.Start, r.End })
                .Any(t => t > _at && t <= run.FirstSeen);

        private static DateTimeOffset? EndOf(TaskLife run, StatusMeaning stance) =>
            stance is StatusMeaning.Succeeded or StatusMeaning.Failed ? run.End ?? (run.Replaced ? run.LastShown : null) : null;

        /// <summary>What a run was; none before it began.</summary>
        private StatusMeaning? StanceOf(TaskLife run, TaskLife? next)
        {
            DateTimeOffset? finish =
                run.HasEnded ? run.End ?? run.EndSeen
                : run.Replaced ? run.LastShown
                : null;
            if (finish <= _at)
            {
                return run.HasEnded ? run.Stance
                    : _gapEnd is not null && _at < next?.Begin ? StatusMeaning.Limbo
                    : StatusMeaning.Failed;
            }

            if (run.Start > _at)
            {
                return run.Seen.Any(s => s.At <= _at && s.Stance is StatusMeaning.Queued) ? StatusMeaning.Queued : null;
            }

            if (run.Start is null && run.FirstSeen > _at)
            {
                return null;
            }

            var before = run.Seen.Where(s => s.At <= _at).Select(s => (StatusMeaning?)s.Stance).LastOrDefault();
            var after = run.Seen.Where(s => s.At == _gapEnd).Select(s => (StatusMeaning?)s.Stance).FirstOrDefault();
            return (before, after) switch
            {
                (StatusMeaning.Paused or StatusMeaning.Unfamiliar, _) => _gapEnd is null ? before : StatusMeaning.Limbo,
                (_, StatusMeaning.Paused or StatusMeaning.Unfamiliar) => StatusMeaning.Limbo,
                _ when run is { HasEnded: true, End: null } && run.EndSeen == _gapEnd => StatusMeaning.Limbo,
                (StatusMeaning.Queued, _) when run.Start is null => _gapEnd is null || after is StatusMeaning.Queued
                    ? StatusMeaning.Queued
                    : StatusMeaning.Limbo,
                _ => StatusMeaning.Running,
            };
        }
    }

    /// <summary>A run with what its times mean: times beside a queued status are those of a run before, which failed.</summary>
    private sealed record TaskLife(
        StatusMeaning Stance,
        DateTimeOffset? Start,
        DateTimeOffset? End,
        DateTimeOffset? Expiry,
        IReadOnlyList<(DateTimeOffset At, StatusMeaning Stance)> Seen,
        DateTimeOffset LastShown,
        bool Replaced,
        SpecifiedAttempt Source
    )
    {
        public DateTimeOffset FirstSeen => Seen[0].At;

        /// <summary>When it had begun at the latest.</summary>
        public DateTimeOffset Begin =>
            new[]
            {
                Start ?? FirstSeen,
                HasEnded ? End ?? EndSeen
                : Replaced ? LastShown
                : DateTimeOffset.MaxValue,
            }.Min();

        public bool HasEnded => Stance is StatusMeaning.Succeeded or StatusMeaning.Failed;

        /// <summary>First observation of the end that it has now.</summary>
        public DateTimeOffset EndSeen => Seen.Reverse().TakeWhile(s => s.Stance == Stance).Last().At;

        public static IEnumerable<TaskLife> Of(SpecifiedAttempt run)
        {
            var seen = run.Seen.ConvertAll(s => (s.At, s.Stance));
            var whole = new TaskLife(run.Stance, run.Start, run.End, run.Expiry, seen, run.LastShown, run.Replaced, run);
            if (run.Stance is not StatusMeaning.Queued || run.Start is null)
            {
                return [whole];
            }

            var queued = run.Seen.FindLastIndex(s => s.Stance is not StatusMeaning.Queued) + 1;
            return
            [
                whole with
                {
                    Stance = StatusMeaning.Failed,
                    End = run.ShownEnd,
                    Seen =
                    [
                        .. seen.Take(queued).Where(s => s.Stance is not (StatusMeaning.Succeeded or StatusMeaning.Failed)),
                        (seen[queued].At, StatusMeaning.Failed),
                    ],
                    Replaced = false,
                },
                whole with
                {
                    Start = null,
                    End = null,
                    Seen = [.. seen.Skip(queued)],
                },
            ];
        }
    }
}
