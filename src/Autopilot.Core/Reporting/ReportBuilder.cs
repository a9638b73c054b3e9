using System.Globalization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>Makes a report of runs, added one by one in any order: the order changes nothing. Of a run only its figures are kept.</summary>
public sealed class ReportBuilder(DateTimeOffset from, DateTimeOffset to, ReportGrouping grouping)
{
    /// <summary>Most items of <see cref="UpgradeStatistics.TopFailures"/>.</summary>
    public const int MaxTopFailures = 10;

    /// <summary>Most upgrades of <see cref="UpgradeStatistics.Slowest"/>.</summary>
    public const int MaxSlowest = 5;

    private const string All = "all",
        Unknown = "unknown";

    private readonly Dictionary<string, Accumulator> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset EndedAt, string Name)> _names = new(StringComparer.Ordinal);
    private readonly Accumulator _previous = new();

    /// <summary>Where the period before begins: as long before <c>from</c> as <c>to</c> lies behind it, or the beginning of time.</summary>
    public DateTimeOffset PreviousFrom { get; } = from.UtcTicks > (to - from).Ticks ? from - (to - from) : DateTimeOffset.MinValue;

    /// <summary>Counts a run to its group, or to the period before; one of neither is left out.</summary>
    public void Add(FinishedUpgrade run)
    {
        if (run.EndedAt >= to || run.EndedAt < PreviousFrom)
        {
            return;
        }

        if (run.EndedAt < from)
        {
            _previous.Add(run);
            return;
        }

        var key = KeyOf(run);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups.Add(key, group = new());
        }

        group.Add(run);
        if (
            grouping is ReportGrouping.Cluster
            && run.ClusterName is { } name
            && (
                !_names.TryGetValue(key, out var known)
                || run.EndedAt > known.EndedAt
                || (run.EndedAt == known.EndedAt && string.CompareOrdinal(name, known.Name) < 0)
            )
        )
        {
            _names[key] = (run.EndedAt, name);
        }
    }

    /// <param name="withPrevious">Whether the period before was read too.</param>
    public UpgradeReport Build(bool withPrevious) => Build(withPrevious, int.MaxValue).Report;

    /// <summary>
    /// A report of some groups: of times the latest, of anything else those with the most runs. The rest is summed; it is null where every
    /// group is shown.
    /// </summary>
    /// <param name="withPrevious">Whether the period before was read too.</param>
    /// <param name="most">Groups at most.</param>
    public (UpgradeReport Report, RemainingGroups? Others) Build(bool withPrevious, int most)
    {
        if (grouping is ReportGrouping.None && _groups.Count == 0)
        {
            _groups.Add(All, new());
        }

        var shown = Shown(most);
        UpgradeReport report = new()
        {
            From = from,
            To = to,
            GroupBy = WordOf(grouping),
            Total = TotalOfGroups().Statistics<ReportPeriod>() with { From = from, To = to },
            Groups =
            [
                .. _groups
                    .Where(group => shown.Contains(group.Key))
                    .OrderBy(group => group.Key, grouping is ReportGrouping.TargetVersion ? NaturalOrder.Instance : StringComparer.Ordinal)
                    .Select(group =>
                        group.Value.Statistics<ReportGroup>() with
                        {
                            Key = group.Key,
                            ClusterName = _names.TryGetValue(group.Key, out var named) ? named.Name : null,
                        }
                    ),
            ],
            Previous = withPrevious ? _previous.Statistics<ReportPeriod>() with { From = PreviousFrom, To = from } : null,
        };

        if (shown.Count == _groups.Count)
        {
            return (report, null);
        }

        var rest = new Accumulator();
        foreach (var group in _groups.Where(group => !shown.Contains(group.Key)))
        {
            rest.Add(group.Value);
        }

        return (report, rest.Statistics<RemainingGroups>() with { Groups = _groups.Count - shown.Count });
    }

    private HashSet<string> Shown(int most)
    {
        var byRank = grouping is ReportGrouping.Month or ReportGrouping.Week
            ? _groups.OrderByDescending(group => group.Key, StringComparer.Ordinal)
            : _groups.OrderByDescending(group => group.Value.Runs).ThenBy(group => group.Key, StringComparer.Ordinal);
        return byRank.Take(most).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Made of the groups and not run by run: what each run is counted for once is not counted twice.</summary>
    private Accumulator TotalOfGroups()
    {
        if (_groups.Count == 1)
        {
            return _groups.Values.Single();
        }

        var total = new Accumulator();
        foreach (var group in _groups.Values)
        {
            total.Add(group);
        }

        return total;
    }

    /// <summary>The grouping as queries name it.</summary>
    public static string WordOf(ReportGrouping grouping) =>
        grouping switch
        {
            ReportGrouping.None => "none",
            ReportGrouping.Month => "month",
            ReportGrouping.Week => "week",
            ReportGrouping.TargetVersion => "targetVersion",
            _ => "cluster",
        };

    private string KeyOf(FinishedUpgrade run)
    {
        var end = run.EndedAt.UtcDateTime;
        return grouping switch
        {
            ReportGrouping.None => All,
            ReportGrouping.Month => end.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            // The week's year and not the date's: 2027-01-01 is a day of 2026-W53.
            ReportGrouping.Week => string.Create(
                CultureInfo.InvariantCulture,
                $"{ISOWeek.GetYear(end):D4}-W{ISOWeek.GetWeekOfYear(end):D2}"
            ),
            ReportGrouping.TargetVersion => string.IsNullOrEmpty(run.TargetVersion) ? Unknown : run.TargetVersion,
            _ => run.Target.ClusterId,
        };
    }

    private sealed class Accumulator
    {
        private readonly int[] _outcomes = new int[Enum.GetValues<WorkflowOutcome>().Length];
        private readonly Dictionary<UpgradeTaskType, TaskAccumulator> _tasks = [];
        private readonly Dictionary<(UpgradeTaskType Type, string Name), FailureAccumulator> _failures = [];
        private readonly List<double> _runSeconds = [],
            _waitSeconds = [];
        private readonly List<SlowUpgrade> _slowest = [];
        private readonly TimeSum _time = new();
        private int _runs,
            _watched,
            _watchedClear,
            _watchedSucceeded,
            _firstTime,
            _failedOnTheWay,
            _attempts,
            _rollbacks;

        // In ticks: a sum of fractions would depend on their order.
        private long? _blockedTicks;

        public int Runs => _runs;

        public void Add(FinishedUpgrade run)
        {
            var failed = run.FailedOnTheWay;
            _runs++;
            _outcomes[(int)run.Outcome]++;
            // Of one that was not seen live earlier failures are unknown: it is neither a first try nor none.
            if (run.SeenLive)
            {
                _watched++;
                _watchedClear += run.Outcome is WorkflowOutcome.Unclear ? 0 : 1;
                _watchedSucceeded += run.Outcome is WorkflowOutcome.Succeeded ? 1 : 0;
                _firstTime += !failed && run.Outcome is WorkflowOutcome.Succeeded ? 1 : 0;
            }

            _failedOnTheWay += failed ? 1 : 0;
            _attempts += run.Attempts;
            _rollbacks += run.Rollbacks;
            if (run.BlockedSeconds is { } blocked)
            {
                _blockedTicks = (_blockedTicks ?? 0) + (long)Math.Round(blocked * TimeSpan.TicksPerSecond);
            }

            _time.Add(run.Time);
            Append(_waitSeconds, run.WaitingSeconds);
            Append(_runSeconds, run.ActiveSeconds);
            if (run.ActiveSeconds is { } active)
            {
                Rank(
                    new SlowUpgrade(
                        run.Target.WorkflowId,
                        run.Target.ClusterId,
                        run.ClusterName,
                        run.TargetVersion,
                        run.Outcome,
                        run.EndedAt,
                        active,
                        run.ElapsedSeconds
                    )
                );
            }

            foreach (var task in run.Tasks)
            {
                if (!_tasks.TryGetValue(task.Type, out var accumulator))
                {
                    _tasks.Add(task.Type, accumulator = new());
                }

                accumulator.Runs += task.Attempts;
                accumulator.Failures += task.Failures;
                Append(accumulator.RunSeconds, task.RunSeconds);
                Append(accumulator.WaitSeconds, task.WaitSeconds);
                foreach (var item in (task.Failed ?? []).GroupBy(item => item.Name))
                {
                    FailureOf((task.Type, item.Key)).Add(run, task, item.Sum(named => named.Count));
                }
            }
        }

        public void Add(Accumulator other)
        {
            _runs += other._runs;
            for (var outcome = 0; outcome < _outcomes.Length; outcome++)
            {
                _outcomes[outcome] += other._outcomes[outcome];
            }

            _watched += other._watched;
            _watchedClear += other._watchedClear;
            _watchedSucceeded += other._watchedSucceeded;
            _firstTime += other._firstTime;
            _failedOnTheWay += other._failedOnTheWay;
            _attempts += other._attempts;
            _rollbacks += other._rollbacks;
            _blockedTicks = other._blockedTicks is { } blocked ? (_blockedTicks ?? 0) + blocked : _blockedTicks;
            _time.Add(other._time);
            _runSeconds.AddRange(other._runSeconds);
            _waitSeconds.AddRange(other._waitSeconds);
            other._slowest.ForEach(Rank);
            foreach (var (type, task) in other._tasks)
            {
                if (!_tasks.TryGetValue(type, out var accumulator))
                {
                    _tasks.Add(type, accumulator = new());
                }

                accumulator.Runs += task.Runs;
                accumulator.Failures += task.Failures;
                accumulator.RunSeconds.AddRange(task.RunSeconds);
                accumulator.WaitSeconds.AddRange(task.WaitSeconds);
            }

            foreach (var (item, failure) in other._failures)
            {
                FailureOf(item).Add(failure);
            }
        }

        public T Statistics<T>()
            where T : UpgradeStatistics, new() =>
            new()
            {
                Runs = _runs,
                Succeeded = _outcomes[(int)WorkflowOutcome.Succeeded],
                Cancelled = _outcomes[(int)WorkflowOutcome.Cancelled],
                RolledBack = _outcomes[(int)WorkflowOutcome.RolledBack],
                Gone = _outcomes[(int)WorkflowOutcome.Gone],
                Unclear = _outcomes[(int)WorkflowOutcome.Unclear],
                SuccessRate = Rate(_outcomes[(int)WorkflowOutcome.Succeeded], _runs - _outcomes[(int)WorkflowOutcome.Unclear]),
                FirstTimeSuccessRate = Rate(_firstTime, _watchedClear),
                WatchedRuns = _watched,
                WatchedSucceeded = _watchedSucceeded,
                FirstTimeSuccesses = _firstTime,
                FailedOnTheWay = _failedOnTheWay,
                Attempts = _attempts,
                Rollbacks = _rollbacks,
                BlockedSeconds = _blockedTicks is { } ticks ? TimeSpan.FromTicks(ticks).TotalSeconds : null,
                Time = _time.Total,
                TimeRuns = _time.Runs,
                RunSeconds = Percentiles.Of(_runSeconds),
                WaitSeconds = Percentiles.Of(_waitSeconds),
                Tasks =
                [
                    .. _tasks
                        .OrderBy(task => task.Key, Comparer<UpgradeTaskType>.Create(TaskOrder.Compare))
                        .Select(task => new TaskStatistics(
                            task.Key,
                            task.Value.Runs,
                            task.Value.Failures,
                            Percentiles.Of(task.Value.RunSeconds),
                            Percentiles.Of(task.Value.WaitSeconds)
                        )),
                ],
                TopFailures =
                [
                    .. _failures
                        .OrderByDescending(failure => failure.Value.Count)
                        .ThenBy(failure => failure.Key.Type, Comparer<UpgradeTaskType>.Create(TaskOrder.Compare))
                        .ThenBy(failure => failure.Key.Name, StringComparer.Ordinal)
                        .Take(MaxTopFailures)
                        .Select(failure => failure.Value.Of(failure.Key.Type, failure.Key.Name)),
                ],
                Slowest = [.. _slowest],
            };

        private FailureAccumulator FailureOf((UpgradeTaskType, string) item)
        {
            if (!_failures.TryGetValue(item, out var failure))
            {
                _failures.Add(item, failure = new());
            }

            return failure;
        }

        /// <param name="clear">Runs whose outcome is clear: without one there is no rate.</param>
        private static double? Rate(int count, int clear) => clear > 0 ? (double)count / clear : null;

        private static void Append(List<double> values, double? value)
        {
            if (value is { } known)
            {
                values.Add(known);
            }
        }

        private void Rank(SlowUpgrade run)
        {
            var at = _slowest.FindIndex(slower => Compare(run, slower) < 0);
            _slowest.Insert(at < 0 ? _slowest.Count : at, run);
            if (_slowest.Count > MaxSlowest)
            {
                _slowest.RemoveAt(MaxSlowest);
            }
        }

        /// <summary>The slower first; of equals the newer.</summary>
        private static int Compare(SlowUpgrade x, SlowUpgrade y)
        {
            var order = y.RunSeconds.CompareTo(x.RunSeconds);
            order = order != 0 ? order : y.EndedAt.CompareTo(x.EndedAt);
            return order != 0 ? order : string.CompareOrdinal(x.WorkflowId, y.WorkflowId);
        }
    }

    private sealed class FailureAccumulator
    {
        private readonly List<double> _blockedSeconds = [];
        private int _upgrades;
        private int _resolved;

        public int Count { get; private set; }

        /// <summary>An upgrade that failed on the item this often.</summary>
        public void Add(FinishedUpgrade run, FinishedTask task, int times)
        {
            Count += times;
            _upgrades++;
            _resolved += FinishedUpgrade.IsResolvedByNextAttempt(task, times) ? 1 : 0;
            if (run.BlockedSeconds is { } blocked)
            {
                _blockedSeconds.Add(blocked);
            }
        }

        public void Add(FailureAccumulator other)
        {
            Count += other.Count;
            _upgrades += other._upgrades;
            _resolved += other._resolved;
            _blockedSeconds.AddRange(other._blockedSeconds);
        }

        public TopFailure Of(UpgradeTaskType type, string name) =>
            new(type, name, Count)
            {
                Upgrades = _upgrades,
                BlockedSeconds = _blockedSeconds.Count == 0 ? null : _blockedSeconds.Order().Sum(),
                MedianBlockedSeconds = Percentiles.Of(_blockedSeconds)?.P50,
                ResolvedByNextAttempt = _resolved,
            };
    }

    private sealed class TaskAccumulator
    {
        public int Runs { get; set; }
        public int Failures { get; set; }
        public List<double> RunSeconds { get; } = [];
        public List<double> WaitSeconds { get; } = [];
    }

    /// <summary>Numbers within a text by their value: <c>v1.9</c> before <c>v1.10</c>. What is unknown comes last.</summary>
    private sealed class NaturalOrder : IComparer<string>
    {
        public static NaturalOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            if (x == Unknown || y == Unknown)
            {
                return (x == Unknown).CompareTo(y == Unknown);
            }

            ReadOnlySpan<char> a = x,
                b = y;
            while (a.Length > 0 && b.Length > 0)
            {
                int order;
                if (char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]))
                {
                    var m = Number(ref a);
                    var n = Number(ref b);
                    order = m.Length != n.Length ? m.Length.CompareTo(n.Length) : m.SequenceCompareTo(n);
                }
                else
                {
                    order = a[0].CompareTo(b[0]);
                    a = a[1..];
                    b = b[1..];
                }

                if (order != 0)
                {
                    return order;
                }
            }

            return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(x, y);
        }

        /// <summary>Takes the digits off the front; of any length, and without leading zeros.</summary>
        private static ReadOnlySpan<char> Number(ref ReadOnlySpan<char> text)
        {
            var end = text.IndexOfAnyExceptInRange('0', '9');
            var digits = text[..(end < 0 ? text.Length : end)];
            text = text[digits.Length..];
            return digits.TrimStart('0');
        }
    }
}
