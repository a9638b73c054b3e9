namespace Autopilot.Core.Tests.Specification;

/// <summary>Every second from the creation to the end, each as exactly one of five kinds.</summary>
internal sealed record TimeSplit(TimeSpan Work, TimeSpan Queue, TimeSpan Blocked, TimeSpan Person, TimeSpan Unknown)
{
    /// <summary>None where the creation is not known, or lies after the end by more than two clocks differ.</summary>
    public static TimeSplit? Of(History history, DateTimeOffset end, Func<string?, TimeSpan> interval)
    {
        if (history.Created is not { } created || created > end + TimeSpan.FromSeconds(5))
        {
            return null;
        }

        var runs = history.Runs.Values.SelectMany(r => r).ToList();
        DateTimeOffset[] times =
        [
            created, end, .. history.Observations.Select(o => o.At),
            .. runs.SelectMany(r => new[] { r.Start, r.End, r.Expiry }).OfType<DateTimeOffset>(),
        ];
        var marks = times.Where(t => t >= created && t <= end).Distinct().Order().ToList();
        var kinds = marks.Zip(marks.Skip(1), (from, to) => (Kind: new Moment(history, from, interval).Kind, Length: to - from))
            .ToLookup(p => p.Kind, p => p.Length);
        TimeSpan Sum(string kind) => kinds[kind].Aggregate(TimeSpan.Zero, (a, b) => a + b);
        return new TimeSplit(Sum("work"), Sum("queue"), Sum("blocked"), Sum("person"), Sum("unknown"));
    }

    /// <summary>What held at one moment, by upstream's own times first, else by the observations around it.</summary>
    private sealed class Moment
    {
        private readonly History _history;
        private readonly DateTimeOffset _at;
        private readonly int _last;
        private readonly bool _isGap;

        public Moment(History history, DateTimeOffset at, Func<string?, TimeSpan> interval)
        {
            (_history, _at) = (history, at);
            _last = history.Observations.FindLastIndex(o => o.At <= at);
            _isGap = _last < 0 || (_last + 1 < history.Observations.Count
                && history.Observations[_last + 1].At - history.Observations[_last].At > 3 * interval(history.Observations[_last].Answer.Phase));
        }

        public string Kind
        {
            get
            {
                var answer = _history.Observations[Math.Max(_last, 0)].Answer;
                var paths = _history.Observations[^1].Paths;
                var tasks = _history.Shown.Keys.Select(Task).ToList();
                var view = new View(_at, answer.Phase, paths, tasks, _history.Created, _history.Observations[0].At);
                bool Any(Stance stance) => tasks.Any(t => t.Stance == stance || t.Runs.Any(r => !r.IsOver && r.Stance == stance));
                if (Any(Stance.Running))
                {
                    return "work";
                }

                if (Any(Stance.Queued))
                {
                    return "queue";
                }

                if (Any(Stance.Limbo))
                {
                    return "unknown";
                }

                var reasons = view.Candidates().Select(c => c.Reason).ToHashSet();
                return Any(Stance.Paused) || reasons.Overlaps(["TaskFailed", "Paused", "PreCheckExpired", "RolledBack"]) ? "blocked"
                    : reasons.Contains("Unknown") || reasons.Contains("RollingBack") ? "unknown"
                    : "person";
            }
        }

        private View.TaskNow Task(string type)
        {
            var all = _history.Runs.GetValueOrDefault(type, []);
            var begun = all.Select((r, i) => (Source: r, Stance: StanceOf(r, i + 1 < all.Count ? all[i + 1] : null))).Where(r => r.Stance is not null).ToList();
            var runs = begun.ConvertAll(r => (r.Source, Run: new View.RunNow(
                type, r.Stance!.Value, r.Source.Start <= _at ? r.Source.Start : null, r.Source.End <= _at ? r.Source.End : null,
                r.Source.Expiry, r.Source.FirstSeen, _at, r.Stance is Stance.Succeeded or Stance.Failed || IsReplaced(r.Source), r.Source.LastShown)));
            var shown = _history.Shown[type].FindLast(s => s.At <= _at);
            var last = runs.LastOrDefault();
            if (last.Source is null || (last.Source == all[^1] && _history.Shown[type][^1].Run is null && last.Source.LastShown <= _at))
            {
                (last, shown) = (default, null);
            }

            var stance = IsFog(all, begun.Count) ? Stance.Limbo : last.Run?.Stance ?? shown?.Stance ?? Stance.NotStarted;
            return new View.TaskNow(type, stance, last.Run, [.. runs.Select(r => r.Run)], _at, false);
        }

        private bool IsReplaced(TaskRun run) => run.Replaced && _at >= run.LastShown;

        /// <summary>A run of no known start, or one that was queued before it, comes into sight at the end of a gap: what was before, back to the last known time, is not known.</summary>
        private bool IsFog(List<TaskRun> runs, int begun)
        {
            if (!_isGap || begun >= runs.Count || runs[begun].Start <= runs[begun].FirstSeen
                || runs[begun].FirstSeen != _history.Observations[_last + 1].At)
            {
                return false;
            }

            var known = _history.Runs.Values.SelectMany(r => r).Where(r => r != runs[begun]).SelectMany(r => new[] { r.Start, r.End });
            return !known.Any(t => t > _at && t < runs[begun].FirstSeen);
        }

        /// <summary>What a run was; none before it began.</summary>
        private Stance? StanceOf(TaskRun run, TaskRun? next)
        {
            DateTimeOffset? finish = run.HasEnded ? run.End ?? run.FirstSeenEnded : run.Replaced ? run.LastShown : null;
            if (finish <= _at)
            {
                return run.HasEnded ? run.Stance : next is null ? Stance.Limbo : _isGap && _at < (next.Start ?? next.FirstSeen) ? Stance.Limbo : Stance.Failed;
            }

            Stance? before = run.Seen.FindLastIndex(s => s.At <= _at) is >= 0 and var seen ? run.Seen[seen].Stance : null;
            var after = run.Seen.Find(s => s.At > _at).Stance;
            if (run.Start > _at)
            {
                return before is not null && run.Seen[0].Stance is Stance.Queued ? Stance.Queued : null;
            }

            if (run.Start is null)
            {
                return before is null or Stance.Running && run.End is not null ? before : before is Stance.Queued or Stance.Running && (after == before || run.Seen[^1].At <= _at) ? before : _isGap ? before is null ? null : Stance.Limbo : before;
            }

            return before switch
            {
                Stance.Paused or Stance.Unfamiliar => _isGap ? Stance.Limbo : before,
                _ when _isGap && (after is Stance.Paused || (after is Stance.Succeeded or Stance.Failed && run.End is null)) => Stance.Limbo,
                _ => Stance.Running,
            };
        }
    }
}
