using static Autopilot.Core.Tests.Specification.History;

namespace Autopilot.Core.Tests.Specification;

/// <summary>
/// Courses of upgrades as people and upstream make them, then seen through polls that miss things. Everything comes from the seed. One in
/// three is hostile: upstream states what it should not.
/// </summary>
internal sealed class HistoryGenerator
{
    private const int MostObservations = 40;
    private static readonly string[] Marks = ["!", "!!", "~", ""];
    private readonly Random _random;

    /// <summary>Marks critical lines: from numbers of its own, so that it changes no other part of a history.</summary>
    private readonly Random _marks;
    private readonly bool _isHostile;
    private readonly Dictionary<string, Script.Entry> _points = [];
    private readonly List<(DateTimeOffset At, string Type, Func<Script.Entry, Script.Entry> Change)> _changes = [];
    private readonly Dictionary<string, DateTimeOffset> _busyUntil = [];
    private readonly Dictionary<string, string> _last = [];
    private DateTimeOffset _now = Script.Time("6:00");
    private readonly TimeSpan _skew;
    private int _ids;

    private HistoryGenerator(int seed)
    {
        _random = new Random(seed);
        _marks = new Random(~seed);
        _isHostile = Chance(0.33);
        _skew = !_isHostile || Chance(0.7) ? TimeSpan.Zero : TimeSpan.FromSeconds(Pick(-600, -60, -3, 2, 4, 30, 600));
    }

    public static Script Make(int seed)
    {
        var generator = new HistoryGenerator(seed);
        var end = generator.Live();
        return new Script(generator.Observe(end));
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];

    /// <summary>Short times more often than long ones.</summary>
    private TimeSpan Between(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromSeconds(Math.Round(leastSeconds * Math.Pow(mostSeconds / leastSeconds, _random.NextDouble()), Chance(0.2) ? 6 : 0));

    /// <summary>What people do, one act after the other; gives the phase that upstream ends with, or none.</summary>
    private string? Live()
    {
        string[] types =
        [
            PreCheck,
            Snapshot,
            Cluster,
            PostCheck,
            .. Chance(0.1) ? [Rollback] : Array.Empty<string>(),
            .. Chance(0.05) ? ["AddonCheck"] : Array.Empty<string>(),
        ];
        foreach (var type in types)
        {
            _points[type] = new Script.Entry(type);
        }

        var acts = _random.Next(0, 12);
        for (var act = 0; act < acts; act++)
        {
            _now += Between(5, Chance(0.2) ? 10000 : 1200);
            if (Next() is { } type)
            {
                Start(type);
            }
            else if (_last.GetValueOrDefault(PostCheck) == "Success" || Chance(0.2))
            {
                _now += Between(1, 600);
                return _last.GetValueOrDefault(PostCheck) == "Success" && !(_isHostile && Chance(0.2)) ? "Success" : "Cancel";
            }
        }

        _now += Between(5, Chance(0.3) ? 10000 : 900);
        return _isHostile && Chance(0.1) ? Pick("Success", "Cancel") : null;
    }

    private string? Next()
    {
        if (_isHostile && Chance(0.15))
        {
            return Pick(PreCheck, Snapshot, Cluster, PostCheck, Rollback, "AddonCheck");
        }

        var (check, cluster, back) = (
            _last.GetValueOrDefault(PreCheck),
            _last.GetValueOrDefault(Cluster),
            _last.GetValueOrDefault(Rollback)
        );
        return (check, cluster, back) switch
        {
            (null, _, _) => PreCheck,
            ("Failed", null, _) => Chance(0.7) ? PreCheck
            : Chance(0.7) ? Cluster
            : null,
            (_, null, _) => Chance(0.25) ? Snapshot
            : Chance(0.15) ? PreCheck
            : Cluster,
            (_, "Failed", null) => Chance(0.5) ? Cluster
            : Chance(0.6) ? Rollback
            : Chance(0.4) ? PreCheck
            : null,
            (_, "Success", null) => Chance(0.05) ? Rollback
            : _last.GetValueOrDefault(PostCheck) == "Success" ? null
            : PostCheck,
            (_, _, "Failed") => Chance(0.3) ? Rollback
            : Chance(0.3) ? Cluster
            : Chance(0.3) ? PreCheck
            : null,
            (_, "Success", _) => Chance(0.1) ? Rollback
            : Chance(0.7) ? PostCheck
            : null,
            _ => Chance(0.5) ? Cluster
            : Chance(0.4) ? PreCheck
            : null,
        };
    }

    private void Start(string type)
    {
        if (_busyUntil.TryGetValue(type, out var busy) && busy > _now && !(_isHostile && Chance(0.3)))
        {
            _now = busy + Between(5, 600);
        }

        var keepsId = type == Cluster && Chance(0.7);
        var id =
            keepsId && _last.ContainsKey(type) ? "c1"
            : keepsId ? "c1"
            : $"{char.ToLowerInvariant(type[0])}{++_ids + 1}";
        var at = _now;
        if (Chance(0.25))
        {
            var status = Pick("Queuing", "Queuing", "Init");
            var keepsTimes = Chance(0.3);
            At(at, type, p => keepsTimes && p.Id == id ? p with { Status = status } : new Script.Entry(type, status, id));
            at += Between(5, Chance(0.2) ? 5000 : 300);
        }

        var started = at;
        var hasStart = !(_isHostile && Chance(0.07));
        var odd = _isHostile && Chance(0.05) ? Pick("zero", "epoch", "odd") : null;
        At(started, type, _ => new Script.Entry(type, "Running", id, hasStart ? odd ?? Stamp(started) : null));
        if (Chance(0.06))
        {
            at += Between(5, 600);
            At(at, type, p => p with { Status = "Pause" });
            at += Between(5, Chance(0.3) ? 7200 : 600);
            At(at, type, p => p with { Status = "Running" });
        }

        if (_isHostile && Chance(0.05))
        {
            var strange = Pick("Error", "Skipped", "success");
            at += Between(5, 600);
            At(at, type, p => p with { Status = strange });
        }

        at += Between(
            5,
            type == PreCheck ? 200
                : Chance(0.15) ? 12000
                : 1500
        );
        var failed = Chance(
            type is PreCheck ? 0.3
            : type is Cluster ? 0.35
            : 0.2
        );
        var ended = at;
        if (_isHostile && Chance(0.04))
        {
            _busyUntil[type] = ended;
            _last[type] = "Running";
            return;
        }

        var hasEnd = !(_isHostile && Chance(0.08));
        var expiry =
            type != PreCheck || failed ? null
            : Chance(0.95) ? Stamp(ended + TimeSpan.FromHours(1))
            : Pick("epoch", "zero", null);
        At(ended, type, p => p with { Status = failed ? "Failed" : "Success", End = hasEnd ? Stamp(ended) : null, Expiry = expiry });
        if (_isHostile && Chance(0.05))
        {
            At(ended + Between(5, 600), type, _ => new Script.Entry(type));
        }

        _last[type] = failed ? "Failed" : "Success";
        _busyUntil[type] = ended;

        // Mostly people wait for the end of what they started.
        _now = _isHostile && Chance(0.15) ? started + Between(1, 300) : ended;
    }

    private string Stamp(DateTimeOffset at) => Script.Clock(at + _skew);

    private void At(DateTimeOffset at, string type, Func<Script.Entry, Script.Entry> change) => _changes.Add((at, type, change));

    /// <summary>The polls of that course.</summary>
    private List<Script.Step> Observe(string? end)
    {
        var lines = Lines();
        if (_marks.NextDouble() < 0.1)
        {
            lines = lines.ConvertAll(line => (line.Start, line.End + _marks.GetItems(Marks, 1)[0]));
        }

        var listsOnlyStarted = Chance(0.1);
        var steps = new List<Script.Step>();
        var changes = new Queue<(DateTimeOffset At, string Type, Func<Script.Entry, Script.Entry> Change)>(_changes.OrderBy(c => c.At));
        var scenario = _now - Script.Time("6:00");
        var pace = Math.Max(1, scenario.TotalMinutes / MostObservations);
        var at = Script.Time("6:00") + Between(1, Chance(0.15) ? Math.Max(scenario.TotalSeconds, 2) : 120);
        while (true)
        {
            var isLast = at >= _now;
            while (changes.TryPeek(out var change) && change.At <= at)
            {
                _ = changes.Dequeue();
                _points[change.Type] = change.Change(_points.GetValueOrDefault(change.Type) ?? new Script.Entry(change.Type));
            }

            var phase = isLast && end is not null ? end : Phase();
            var shown = _points
                .Values.Where(p => !listsOnlyStarted || p.Status is not null)
                .Where(_ => !Chance(_isHostile ? 0.04 : 0.005))
                .ToList();
            if (_isHostile && Chance(0.03) && shown.Count > 0)
            {
                var twin = Pick<Script.Entry>([.. shown]);
                shown.Add(
                    twin with
                    {
                        Id = twin.Id + "x",
                        Status = Pick(twin.Status, "Failed", "Success", "Running"),
                        End = Pick(twin.End, null),
                    }
                );
            }

            steps.Add(
                _isHostile && Chance(0.01)
                    ? new Script.Step(Script.Clock(at), "NotFound", [], [])
                    : new Script.Step(Script.Clock(at), phase, shown, _isHostile && Chance(0.02) ? [] : lines)
            );
            if (isLast)
            {
                break;
            }

            at += TimeSpan.FromMinutes(
                (phase is "Init" or "Pending" ? 5 : 1)
                    * (
                        Chance(0.04) ? Pick(4, 10, 60)
                        : Chance(0.3) ? Math.Ceiling(pace)
                        : 1
                    )
            );
            if (steps.Count >= MostObservations && at < _now)
            {
                at = _now;
            }
        }

        if (steps.TrueForAll(s => s.Phase == "NotFound"))
        {
            steps[0] = new Script.Step(steps[0].At, Phase(), [.. _points.Values], lines);
        }

        if (end is null && Chance(0.03))
        {
            steps.AddRange(
                Enumerable
                    .Range(1, _random.Next(1, 5))
                    .Select(n => new Script.Step(Script.Clock(at + TimeSpan.FromMinutes(n)), "NotFound", [], []))
            );
        }

        return steps;
    }

    private string? Phase()
    {
        if (_isHostile && Chance(0.03))
        {
            return Pick("Rolling", "Pending", "Init", null);
        }

        var statuses = _points.Values.Select(p => p.Status).ToList();
        return statuses.TrueForAll(s => s is null) ? "Init"
            : statuses.Contains("Running") ? "Running"
            : statuses.Contains("Failed") && (_points.GetValueOrDefault(Cluster)?.Status != "Success") ? "Pending"
            : "Running";
    }

    private List<(string Start, string End)> Lines()
    {
        List<(string, string)> usual = [(PreCheck, Cluster), (Cluster, PostCheck)];
        return !Chance(_isHostile ? 0.6 : 0.3)
            ? usual
            : Pick<List<(string, string)>>(
                [],
                [],
                [(PreCheck, Snapshot), (Snapshot, Cluster), (Cluster, PostCheck)],
                [(PreCheck, Snapshot), (Snapshot, Cluster), (Cluster, PostCheck)],
                [.. usual, (Cluster, Rollback)],
                [(PreCheck, Cluster), (PreCheck, Snapshot), (Snapshot, PostCheck), (Cluster, PostCheck)],
                _isHostile ? [.. usual, (PostCheck, PreCheck)] : usual,
                _isHostile ? [.. usual, (Cluster, Cluster), ("?", Cluster)] : usual,
                _isHostile ? [(PreCheck, Cluster)] : usual,
                _isHostile ? [.. usual, (PostCheck, "AddonCheck")] : usual,
                _isHostile ? [(Cluster, PostCheck), (PreCheck, Cluster), (PreCheck, Cluster), (Rollback, PostCheck)] : usual
            );
    }
}
