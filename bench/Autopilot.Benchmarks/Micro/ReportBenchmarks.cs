using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using BenchmarkDotNet.Attributes;

namespace Autopilot.Benchmarks.Micro;

/// <summary>
/// A report's figures over 10,000 runs that are in memory already, by month, against looking at each run's end and outcome only.
/// </summary>
[MemoryDiagnoser]
[MinColumn, MedianColumn]
[Config(typeof(InThisProcess))]
public class ReportBenchmarks
{
    private const int Runs = 10_000;

    private static readonly DateTimeOffset To = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        From = To.AddYears(-1);

    private readonly List<FinishedUpgrade> _runs = [.. Enumerable.Range(0, Runs).Select(RunOf)];

    [Benchmark(Baseline = true, Description = "look at 10,000 runs")]
    public int Look() => _runs.CountBy(run => (run.EndedAt.Month, run.Outcome)).Count();

    [Benchmark(Description = "report over 10,000 runs")]
    public UpgradeReport Report()
    {
        var builder = new ReportBuilder(From, To, ReportGrouping.Month);
        foreach (var run in _runs)
        {
            builder.Add(run);
        }

        return builder.Build(withPrevious: false);
    }

    private static FinishedUpgrade RunOf(int number)
    {
        var (check, cluster) = (60 + number % 97, 600 + number % 1013);
        return new FinishedUpgrade
        {
            Target = new("p", $"c{number % 200}", $"w{number}"),
            FromVersion = "v1.27.9-r0",
            TargetVersion = $"v1.{28 + number % 3}.6-r0",
            Outcome = number % 20 == 0 ? WorkflowOutcome.RolledBack : WorkflowOutcome.Succeeded,
            CreatedAt = From.AddMinutes(number * 52).AddSeconds(-check - cluster - 90),
            StartedAt = From.AddMinutes(number * 52).AddSeconds(-check - cluster),
            EndedAt = From.AddMinutes(number * 52),
            ElapsedSeconds = check + cluster + 90,
            ActiveSeconds = check + cluster,
            WaitingSeconds = 90,
            Attempts = 2,
            Tasks =
            [
                new FinishedTask(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, check, check, 30, 1, 0),
                new FinishedTask(UpgradeTaskType.Cluster, UpgradeTaskStatus.Success, cluster, cluster, 60, 1, 0),
            ],
        };
    }
}
