namespace Autopilot.Core.Tests.Specification;

/// <summary>The runs that a list of observations shows, and what each task was shown as at each observation.</summary>
internal sealed class History
{
    public const string PreCheck = "PreCheck";
    public const string Snapshot = "Snapshot";
    public const string Cluster = "Cluster";
    public const string PostCheck = "PostCheck";
    public const string Rollback = "Rollback";
    private static readonly string[] UsualOrder = [PreCheck, Snapshot, Cluster, PostCheck, Rollback];
    private static readonly (string Start, string End)[] UsualLines = [(PreCheck, Cluster), (Cluster, PostCheck)];

    public History(IEnumerable<Sighting> sightings)
    {
        foreach (var sighting in sightings)
        {
            if (sighting.Document is null)
            {
                NotFoundInARow++;
                continue;
            }

            NotFoundInARow = 0;
            Add(sighting.At, SpecifiedSummary.Of(sighting.Document));
        }

        foreach (var (type, runs) in Runs)
        {
            var last = Shown[type][^1];
            foreach (var run in runs)
            {
                run.Replaced = !run.HasEnded && run != last.Run && !(last.Shown && run.LastShown == last.At);
            }
        }
    }

    public int NotFoundInARow { get; }

    public List<(DateTimeOffset At, SpecifiedSummary Answer, Paths Paths)> Observations { get; } = [];

    public Dictionary<string, List<SpecifiedAttempt>> Runs { get; } = [];

    public Dictionary<string, List<Showing>> Shown { get; } = [];

    public DateTimeOffset? Created => Observations[^1].Answer.Created;

    public static IOrderedEnumerable<T> Usual<T>(IEnumerable<T> items, Func<T, string> type) =>
        items.OrderBy(i => Rank(type(i))).ThenBy(type, StringComparer.Ordinal);

    private static int Rank(string type) => Array.IndexOf(UsualOrder, type) is >= 0 and var rank ? rank : UsualOrder.Length;

    private void Add(DateTimeOffset at, SpecifiedSummary answer)
    {
        foreach (var points in answer.Points.GroupBy(p => p.Type))
        {
            // Of two points of one type the one that counts comes last.
            var ordered = points.OrderBy(p => p.Start).ThenBy(p => p.UnderWay).ThenBy(p => p.End).ThenBy(p => p.Id, StringComparer.Ordinal);
            foreach (var point in ordered)
            {
                var run = point.UnderWay || point.Started ? RunOf(point, at) : null;
                run?.See(point, at);
                var showings = Shown.TryGetValue(points.Key, out var known) ? known : Shown[points.Key] = [];
                _ = showings.RemoveAll(s => s.At == at);
                showings.Add(new Showing(at, run, point.Stance, point.Status, true));
            }
        }

        foreach (var (type, showings) in Shown.Where(s => s.Value[^1].At != at))
        {
            var last = showings[^1];
            showings.Add(last with { At = at, Shown = false });
            last.Run?.Seen.Add((at, last.Stance, false));
        }

        Observations.Add((at, answer, PathsOf(answer)));
    }

    private SpecifiedAttempt RunOf(SpecifiedSummary.Point point, DateTimeOffset at)
    {
        var runs = Runs.TryGetValue(point.Type, out var known) ? known : Runs[point.Type] = [];
        Shown.TryAdd(point.Type, []);
        // Two points of one answer are two runs, unless they have one id.
        var last = runs.LastOrDefault(r => r.Id == point.Id || ((point.Id is null || r.Id is null) && r.Seen[^1].At != at));
        var same = runs.LastOrDefault(r => r.Id == point.Id && r.Start is not null && r.Start == point.Start);
        if (last is not null && same is not null && same != last && point.Start != last.LeftoverStart)
        {
            return same;
        }

        var start = point.Start is { } shown && shown == last?.LeftoverStart ? null : point.Start;
        // Only the run that counts can be seen to begin once more; another one shown again is an older answer.
        var counted = Shown[point.Type].FindLast(s => s.Run is not null && s.At < at)?.Run;
        var again =
            last is { HasEnded: true }
            && (point.Stance is StatusMeaning.Queued or StatusMeaning.Running or StatusMeaning.Paused)
            && (counted == last || point.Start is null || point.Start != last.Start);
        var returns = last is { HasEnded: true, Start: null } && start is not null && counted != last;
        if (last is not null && !again && !returns && !(start > last.Start))
        {
            return last;
        }

        var run = new SpecifiedAttempt(point.Type) { LeftoverStart = again && start == last!.Start ? start : null };
        runs.Add(run);
        return run;
    }

    private Paths PathsOf(SpecifiedSummary answer)
    {
        IReadOnlyList<(string Start, string End)> lines = answer.Lines.Count == 0 ? UsualLines : answer.Lines;
        var named = lines.SelectMany(l => new[] { l.Start, l.End }).ToHashSet();
        var required = named.ToHashSet();
        if (Observations.Count > 0)
        {
            // A missing task stays required if it was, and its lines hold while no line of the present answer names it.
            var missing = Shown.Where(s => !s.Value[^1].Shown).Select(s => s.Key).ToList();
            required.UnionWith(missing.Intersect(Observations[^1].Paths.Required));
            lines = [.. lines, .. Observations[^1].Paths.Edges.Where(e => missing.Except(named).Any(t => t == e.Start || t == e.End))];
        }

        _ = required.Remove(Rollback);
        var critical = answer.Critical.ToHashSet();
        if (Observations.Count > 0)
        {
            critical.UnionWith(Observations[^1].Paths.Critical.Where(line => !answer.Lines.Contains(line)));
        }

        var edges = new HashSet<(string Start, string End)>();
        foreach (var line in Usual(lines.Distinct(), l => l.Start).ThenBy(l => Rank(l.End)).ThenBy(l => l.End, StringComparer.Ordinal))
        {
            if (line.Start != Rollback && line.End != Rollback && line.Start != line.End && !Before(edges, line.Start).Contains(line.End))
            {
                _ = edges.Add(line);
            }
        }

        var left = required.Concat(Shown.Keys).Concat(edges.SelectMany(e => new[] { e.Start, e.End })).ToHashSet();
        var order = new List<string>();
        while (left.Count > 0)
        {
            var next = Usual(left.Where(t => !edges.Any(e => e.End == t && left.Contains(e.Start))), t => t).First();
            order.Add(next);
            _ = left.Remove(next);
        }

        return new Paths(required, edges, order, critical.Where(edges.Contains).ToHashSet());
    }

    /// <summary>Everything that a task depends on, directly or not.</summary>
    public static HashSet<string> Before(IReadOnlySet<(string Start, string End)> edges, string type)
    {
        var before = new HashSet<string>();
        var open = new Queue<string>([type]);
        while (open.TryDequeue(out var next))
        {
            foreach (var edge in edges.Where(e => e.End == next && before.Add(e.Start)))
            {
                open.Enqueue(edge.Start);
            }
        }

        return before;
    }

    /// <summary>What a task was at one observation; a missing point is not <paramref name="Shown"/> and stays what it was.</summary>
    internal sealed record Showing(DateTimeOffset At, SpecifiedAttempt? Run, StatusMeaning Stance, string? Status, bool Shown);

    /// <summary>Which tasks are required, what depends on what, and the order of execution, and which lines are critical.</summary>
    internal sealed record Paths(
        IReadOnlySet<string> Required,
        IReadOnlySet<(string Start, string End)> Edges,
        IReadOnlyList<string> Order,
        IReadOnlySet<(string Start, string End)> Critical
    );
}
