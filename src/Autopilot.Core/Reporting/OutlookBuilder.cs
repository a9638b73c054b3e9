using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>
/// Makes an outlook of runs, added one by one. Of a run only its figures are kept, and of no more than <see cref="MaxRuns"/> runs.
/// </summary>
public sealed class OutlookBuilder(OutlookQuery query)
{
    /// <summary>With fewer upgrades there are no figures.</summary>
    public const int FewestRuns = Baseline.FewestRuns;

    /// <summary>Most runs that are read.</summary>
    public const int MaxRuns = 10_000;

    /// <summary>Most items of a pre-check that an outlook names.</summary>
    public const int MaxItems = 10;

    private static readonly OutlookBasis[] Bases = Enum.GetValues<OutlookBasis>();

    private readonly string? _minor = Baseline.MinorOf(query.TargetVersion);
    private readonly List<PastUpgrade> _runs = [];
    private string? _clusterName = query.ClusterName;
    private bool _cut;

    /// <summary>
    /// Takes a run in; one that ended outside the query's time is left out. Give the newest first: those after <see cref="MaxRuns"/> are
    /// left out too.
    /// </summary>
    /// <returns>False when there is no room for more: nothing further need be read.</returns>
    public bool Add(FinishedUpgrade run)
    {
        if (run.EndedAt < query.From || run.EndedAt >= query.To)
        {
            return true;
        }

        if (_runs.Count == MaxRuns)
        {
            _cut = true;
            return false;
        }

        if (query.ClusterId is not null && run.Target.ClusterId == query.ClusterId)
        {
            _clusterName ??= run.ClusterName;
        }

        _runs.Add(
            new PastUpgrade(
                [.. Bases.Select(basis => IsOf(run, basis))],
                run.Outcome,
                run.SeenLive,
                run.ActiveSeconds,
                run.WaitingSeconds,
                [
                    .. run.Tasks.Select(task => new PastTask(
                        task.Type,
                        task.Status == UpgradeTaskStatus.Success ? task.RunSeconds : null,
                        task.Attempts,
                        task.Failures
                    )),
                ],
                run.Tasks.FirstOrDefault(task => task.Type == UpgradeTaskType.PreCheck)?.Failed
            )
        );
        return true;
    }

    /// <summary>The outlook over all upgrades that were added.</summary>
    public UpgradeOutlook Build()
    {
        var outlook = new UpgradeOutlook
        {
            From = query.From,
            To = query.To,
            ClusterId = query.ClusterId,
            ClusterName = _clusterName,
            ProjectId = query.ProjectId,
            FromVersion = query.FromVersion,
            TargetVersion = query.TargetVersion,
            Headline = "",
            TooLittleHistory = _runs.Count < FewestRuns,
            Runs = _runs.Count,
            Cut = _cut ? true : null,
            Outcomes = Outcomes(),
            Attempts = Attempts(),
            Duration = Duration(),
            PreCheck = PreCheck(),
        };
        return outlook with { Headline = OutlookHeadline.Of(outlook) };
    }

    private bool IsOf(FinishedUpgrade run, OutlookBasis basis)
    {
        var sameCluster = query.ClusterId is not null && run.Target.ClusterId == query.ClusterId;
        var sameVersion = query.TargetVersion is not null && run.TargetVersion == query.TargetVersion;
        return basis switch
        {
            OutlookBasis.ClusterAndVersion => sameCluster && sameVersion,
            OutlookBasis.VersionPair => sameVersion && query.FromVersion is not null && run.FromVersion == query.FromVersion,
            OutlookBasis.TargetVersion => sameVersion,
            OutlookBasis.TargetMinor => _minor is not null && Baseline.MinorOf(run.TargetVersion) == _minor,
            OutlookBasis.Cluster => sameCluster,
            _ => true,
        };
    }

    private OutcomeOutlook Outcomes()
    {
        var (basis, runs) = Nearest(_ => true);
        if (basis is null)
        {
            return new() { Runs = runs.Count };
        }

        var rollbacks = runs.Count(run => run.Outcome == WorkflowOutcome.RolledBack || run.Attempted(UpgradeTaskType.Rollback) > 0);
        return new()
        {
            Basis = basis,
            Runs = runs.Count,
            Succeeded = Ended(WorkflowOutcome.Succeeded),
            Cancelled = Ended(WorkflowOutcome.Cancelled),
            RolledBack = Ended(WorkflowOutcome.RolledBack),
            Gone = Ended(WorkflowOutcome.Gone),
            Unclear = Ended(WorkflowOutcome.Unclear),
            SuccessRate = runs.Count - Ended(WorkflowOutcome.Unclear) is > 0 and var clear
                ? Share(Ended(WorkflowOutcome.Succeeded), clear)
                : null,
            Rollbacks = rollbacks,
            RollbackRate = Share(rollbacks, runs.Count),
        };

        int Ended(WorkflowOutcome outcome) => runs.Count(run => run.Outcome == outcome);
    }

    private AttemptOutlook Attempts()
    {
        var (basis, runs) = Nearest(run => run.SeenLive);
        if (basis is null)
        {
            return new() { Runs = runs.Count };
        }

        var again = runs.Count(run => run.Tasks.Any(task => task.Attempts > 1));
        return new()
        {
            Basis = basis,
            Runs = runs.Count,
            SecondAttempts = again,
            SecondAttemptRate = Share(again, runs.Count),
            Tasks = PerTask(
                runs,
                task => task.Attempts > 0,
                (type, tasks) =>
                    new TaskAttemptOutlook(
                        type,
                        tasks.Count,
                        tasks.Count(task => task.Attempts > 1),
                        Share(tasks.Count(task => task.Attempts > 1), tasks.Count)
                    )
            ),
        };
    }

    private DurationOutlook Duration()
    {
        var (basis, runs) = Nearest(run => run is { Outcome: WorkflowOutcome.Succeeded, RunSeconds: not null });
        return basis is null
            ? new() { Runs = runs.Count }
            : new()
            {
                Basis = basis,
                Runs = runs.Count,
                RunSeconds = Times(runs.Select(run => run.RunSeconds)),
                WaitSeconds = Times(runs.Select(run => run.WaitSeconds)),
                Tasks = PerTask(
                    runs,
                    task => task.RunSeconds is not null,
                    (type, tasks) => new TaskDurationOutlook(type, Times(tasks.Select(task => task.RunSeconds))!)
                ),
            };
    }

    private PreCheckOutlook PreCheck()
    {
        var (basis, runs) = Nearest(run => run.SeenLive && run.Attempted(UpgradeTaskType.PreCheck) > 0);
        return basis is null
            ? new() { Runs = runs.Count }
            : new()
            {
                Basis = basis,
                Runs = runs.Count,
                Failed = runs.Count(run => run.Tasks.Any(task => task.Type == UpgradeTaskType.PreCheck && task.Failures > 0)),
                Items =
                [
                    .. runs.SelectMany((run, number) => (run.FailedChecks ?? []).Select(item => (number, item)))
                        // By name alone, as reports count: upstream has not always said the kind of check.
                        .GroupBy(named => named.item.Name, StringComparer.Ordinal)
                        .Select(item =>
                            (
                                Name: item.Key,
                                Runs: item.Select(named => named.number).Distinct().Count(),
                                Failures: item.Sum(named => named.item.Count)
                            )
                        )
                        .OrderByDescending(item => item.Runs)
                        .ThenByDescending(item => item.Failures)
                        .ThenBy(item => item.Name, StringComparer.Ordinal)
                        .Take(MaxItems)
                        .Select(item => new PreCheckItemOutlook(item.Name, item.Runs, Share(item.Runs, runs.Count), item.Failures)),
                ],
            };
    }

    /// <summary>The most similar scope that has enough upgrades, and those upgrades; without a basis, whatever there is.</summary>
    private (OutlookBasis? Basis, List<PastUpgrade> Runs) Nearest(Func<PastUpgrade, bool> reports)
    {
        var view = _runs.Where(reports).ToList();
        if (view.Count < FewestRuns)
        {
            return (null, view);
        }

        foreach (var basis in Bases)
        {
            var similar = view.Where(run => run.IsOf[(int)basis]).ToList();
            if (similar.Count >= FewestRuns)
            {
                return (basis, similar);
            }
        }

        throw new InvalidOperationException("All upgrades together are no basis, though there are enough.");
    }

    private static List<T> PerTask<T>(
        List<PastUpgrade> runs,
        Func<PastTask, bool> reports,
        Func<UpgradeTaskType, List<PastTask>, T> statistics
    ) =>
        [
            .. runs.SelectMany(run => run.Tasks.Where(reports))
                .GroupBy(task => task.Type)
                .Where(tasks => tasks.Count() >= FewestRuns)
                .OrderBy(tasks => tasks.Key, Comparer<UpgradeTaskType>.Create(TaskOrder.Compare))
                .Select(tasks => statistics(tasks.Key, [.. tasks])),
        ];

    private static OutlookTimes? Times(IEnumerable<double?> all)
    {
        var values = all.OfType<double>().ToArray();
        if (values.Length < FewestRuns)
        {
            return null;
        }

        Array.Sort(values);
        return new(values.Length, Percentile.NearestRank(values, 50), Percentile.NearestRank(values, 80));
    }

    private static double Share(int part, int all) => (double)part / all;

    /// <param name="IsOf">For each basis, whether it takes the run in.</param>
    private sealed record PastUpgrade(
        bool[] IsOf,
        WorkflowOutcome Outcome,
        bool SeenLive,
        double? RunSeconds,
        double? WaitSeconds,
        PastTask[] Tasks,
        IReadOnlyList<FailedItem>? FailedChecks
    )
    {
        public int Attempted(UpgradeTaskType type) => Tasks.Where(task => task.Type == type).Sum(task => task.Attempts);
    }

    /// <param name="RunSeconds">Only of one that succeeded.</param>
    private readonly record struct PastTask(UpgradeTaskType Type, double? RunSeconds, int Attempts, int Failures);
}
