using System.Runtime.InteropServices;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>Computes what is normal from finished upgrades.</summary>
public static class BaselineBuilder
{
    /// <summary>
    /// Of the newest <see cref="Baseline.MaxRuns"/> of these, in whatever order they come: the same runs give the same baseline.
    /// </summary>
    public static Baseline Of(IEnumerable<FinishedUpgrade> runs)
    {
        var seconds = new Dictionary<(UpgradeTaskType Type, string? Minor), List<double>>();
        List<FinishedUpgrade> newest =
        [
            .. runs.OrderByDescending(run => run.EndedAt)
                .ThenBy(run => run.Target.WorkflowId, StringComparer.Ordinal)
                .Take(Baseline.MaxRuns),
        ];
        foreach (var run in newest)
        {
            var minor = Baseline.MinorOf(run.TargetVersion);
            foreach (var task in run.Tasks)
            {
                if (task is { RunSeconds: >= 0 and var took } && task.Status == UpgradeTaskStatus.Success)
                {
                    Add((task.Type, null), took);
                    if (minor is not null)
                    {
                        Add((task.Type, minor), took);
                    }
                }
            }
        }

        return new Baseline([
            .. seconds
                .Select(kind => new BaselineEntry(kind.Key.Type, kind.Key.Minor, AttemptDurations.Of(kind.Value)))
                .OrderBy(entry => entry.Type, Comparer<UpgradeTaskType>.Create(TaskOrder.Compare))
                .ThenBy(entry => entry.Minor, StringComparer.Ordinal),
        ])
        {
            Failures = [.. newest.SelectMany(FailuresOf).Take(Baseline.MaxFailures)],
        };

        void Add((UpgradeTaskType, string?) kind, double took) =>
            (CollectionsMarshal.GetValueRefOrAddDefault(seconds, kind, out _) ??= []).Add(took);
    }

    /// <summary>Each failed task as a whole, and each item that it named once.</summary>
    private static IEnumerable<FailurePrecedent> FailuresOf(FinishedUpgrade run)
    {
        foreach (var task in run.Tasks.Where(task => task.Failures > 0))
        {
            yield return Of(null, task.Failures) with
            {
                Named = task.Failed is not null,
            };
            foreach (var item in (task.Failed ?? []).Where(item => item.Name != task.Type.Value).GroupBy(item => item.Name))
            {
                yield return Of(item.Key, item.Sum(named => named.Count));
            }

            FailurePrecedent Of(string? item, int times) =>
                new(task.Type, item, run.Target.ClusterId, run.Target.WorkflowId, run.EndedAt, run.BlockedSeconds)
                {
                    Resolved = FinishedUpgrade.IsResolvedByNextAttempt(task, times),
                };
        }
    }
}
