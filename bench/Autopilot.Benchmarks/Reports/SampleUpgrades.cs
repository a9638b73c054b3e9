using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Benchmarks.Reports;

/// <summary>
/// Runs as a fleet leaves them: 200 clusters in 10 projects, four tasks each. Some failed and were repeated, and some were rolled back.
/// </summary>
internal static class SampleUpgrades
{
    private static readonly string[] Versions = ["v1.27.9-r0", "v1.28.6-r0", "v1.29.3-r0", "v1.30.1-r0", "v1.31.4-r0"];

    private static readonly string[] Items =
    [
        "NodeDiskCheck",
        "NodeMemoryCheck",
        "AddonVersionCheck",
        "DeprecatedApiCheck",
        "EtcdHealthCheck",
        "PodDisruptionBudgetCheck",
    ];

    /// <summary>The same for the same seed.</summary>
    public static IEnumerable<FinishedUpgrade> Between(DateTimeOffset from, DateTimeOffset to, int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var ended = from + TimeSpan.FromSeconds((to - from).TotalSeconds * random.NextDouble());
            yield return Run(new DateTimeOffset(ended.Ticks - ended.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero), random);
        }
    }

    private static FinishedUpgrade Run(DateTimeOffset ended, Random random)
    {
        var cluster = random.Next(200);
        var version = random.Next(1, Versions.Length);
        var outcome = random.Next(20) switch
        {
            0 => WorkflowOutcome.RolledBack,
            1 => WorkflowOutcome.Cancelled,
            _ => WorkflowOutcome.Succeeded,
        };
        List<FinishedTask> tasks =
        [
            Task(UpgradeTaskType.PreCheck, 60, 0.2, random),
            Task(UpgradeTaskType.Snapshot, 180, 0.02, random),
            Task(UpgradeTaskType.Cluster, 1500, 0.06, random),
            outcome is WorkflowOutcome.RolledBack
                ? Task(UpgradeTaskType.Rollback, 900, 0, random)
                : Task(UpgradeTaskType.PostCheck, 45, 0.03, random),
        ];
        var (active, waiting) = (tasks.Sum(task => task.AllRunSeconds!.Value), tasks.Sum(task => task.WaitSeconds!.Value));
        return new FinishedUpgrade
        {
            Target = new WorkflowTarget(
                Id(random: new Random(cluster % 10)).Replace("-", "", StringComparison.Ordinal),
                Id(new Random(1000 + cluster)),
                Id(random)
            ),
            ClusterName = string.Create(CultureInfo.InvariantCulture, $"shop-production-{cluster:D3}"),
            FromVersion = Versions[version - 1],
            TargetVersion = Versions[version],
            Outcome = outcome,
            CreatedAt = ended.AddSeconds(-active - waiting),
            StartedAt = ended.AddSeconds(-active - waiting + 5),
            EndedAt = ended,
            ElapsedSeconds = active + waiting,
            ActiveSeconds = active,
            WaitingSeconds = waiting,
            Attempts = tasks.Sum(task => task.Attempts),
            BlockedSeconds = tasks.Sum(task => task.Failures) * 240,
            Tasks = tasks,
        };
    }

    private static FinishedTask Task(UpgradeTaskType type, double seconds, double failing, Random random)
    {
        var run = Math.Round(seconds * (0.5 + 2 * random.NextDouble()));
        var failures = random.NextDouble() < failing ? random.Next(1, 4) : 0;
        return new FinishedTask(type, UpgradeTaskStatus.Success, run, run * (1 + failures), random.Next(5, 120), 1 + failures, failures)
        {
            Failed =
                failures == 0
                    ? null
                    :
                    [
                        .. Items
                            .OrderBy(_ => random.Next())
                            .Take(random.Next(1, 4))
                            .Select(item => new FailedItem(item, "cluster", ["CCE.01400001"], failures)),
                    ],
        };
    }

    private static string Id(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
