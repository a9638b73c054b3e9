using System.Globalization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Reporting;

public sealed class ReportBuilderTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<double?> Seconds = Gen.OneOf(
        Gen.Const((double?)null),
        Gen.Long[0, 50_000_000_000].Select(ticks => (double?)TimeSpan.FromTicks(ticks).TotalSeconds)
    );

    private static readonly Gen<FinishedTask> Tasks =
        from type in OneOf(
            UpgradeTaskType.PreCheck,
            UpgradeTaskType.Snapshot,
            UpgradeTaskType.Cluster,
            UpgradeTaskType.PostCheck,
            UpgradeTaskType.Rollback,
            new UpgradeTaskType("Novel")
        )
        from run in Seconds
        from wait in Seconds
        from attempts in Gen.Int[0, 4]
        from failures in Gen.Int[0, 4]
        from unseen in Gen.Int[0, 2]
        from names in OneOf("etcd", "CoreDNS", "nodes", "APIs").List[0, 3]
        select new FinishedTask(type, UpgradeTaskStatus.Success, run, run, wait, attempts, Math.Min(attempts, failures))
        {
            UnseenFailures = unseen == 0 ? null : unseen,
            Failed = failures == 0 ? null : [.. names.Distinct().Select((name, i) => new FailedItem(name, null, [], i + 1))],
        };

    private static readonly Gen<FinishedUpgrade> Runs =
        from id in Gen.Int[0, 100_000]
        from cluster in OneOf("c1", "c2", "c10")
        from version in OneOf("v1.9.1", "v1.10.0", "v1.28.6-r0", null)
        from outcome in OneOf(Enum.GetValues<WorkflowOutcome>())
        from minute in Gen.Int[-600_000, 600_000]
        from active in Seconds
        from waiting in Seconds
        from blocked in Seconds
        from time in Seconds.Array[5]
        from tasks in Tasks.List[0, 5]
        from live in Gen.Bool
        select new FinishedUpgrade
        {
            SeenLive = live,
            Target = new WorkflowTarget("p", cluster, $"w{id}"),
            TargetVersion = version,
            Outcome = outcome,
            EndedAt = From.AddMinutes(minute),
            ActiveSeconds = active,
            WaitingSeconds = waiting,
            BlockedSeconds = blocked,
            Time = time[0] is null ? null : new(time[0]!.Value, time[1] ?? 0, time[2] ?? 0, time[3] ?? 0, time[4] ?? 0),
            Attempts = tasks.Sum(task => task.Attempts),
            Tasks = [.. tasks.DistinctBy(task => task.Type)],
        };

    [Fact]
    public void Every_figure_agrees_to_the_last_digit_with_an_independent_calculation() =>
        Gen.Select(Runs.List[0, 60], OneOf(Enum.GetValues<ReportGrouping>()))
            .Sample(
                (runs, grouping) =>
                {
                    var report = Report(runs, grouping);

                    var counted = runs.Where(run => run.EndedAt >= From && run.EndedAt < To).ToList();
                    var keys = counted.Select(run => Key(run, grouping)).Distinct().ToList();
                    Assert.Equal(
                        grouping is ReportGrouping.None ? ["all"] : keys.Order(StringComparer.Ordinal),
                        report.Groups.Select(group => group.Key).Order(StringComparer.Ordinal)
                    );
                    foreach (var group in report.Groups)
                    {
                        Agree([.. counted.Where(run => Key(run, grouping) == group.Key)], group);
                    }

                    Agree(counted, report.Total);
                    Assert.Equal((From, To), (report.Total.From, report.Total.To));
                    Agree([.. runs.Where(run => run.EndedAt < From && run.EndedAt >= From - (To - From))], report.Previous!);
                },
                iter: 1000
            );

    [Fact]
    public void The_order_in_which_runs_come_changes_nothing() =>
        Runs.List[0, 40]
            .Sample(
                runs =>
                {
                    // Two runs of one id and end would be one and the same.
                    runs = [.. runs.DistinctBy(run => run.Target.WorkflowId)];
                    var shuffled = runs.OrderBy(run => run.Target.WorkflowId, StringComparer.Ordinal).Reverse().ToList();
                    Assert.Equivalent(Report(runs, ReportGrouping.Month), Report(shuffled, ReportGrouping.Month), strict: true);
                },
                iter: 200
            );

    [Theory]
    [InlineData("2026-12-31T23:59:59.9999999Z", "2026-12", "2026-W53")]
    [InlineData("2027-01-01T00:00:00Z", "2027-01", "2026-W53")]
    [InlineData("2027-01-03T23:59:59Z", "2027-01", "2026-W53")]
    [InlineData("2027-01-04T00:00:00Z", "2027-01", "2027-W01")]
    [InlineData("2024-12-30T00:00:00Z", "2024-12", "2025-W01")]
    [InlineData("2026-11-30T20:00:00-05:00", "2026-12", "2026-W49")]
    [InlineData("2026-03-01T00:30:00+01:00", "2026-02", "2026-W09")]
    public void Months_and_iso_weeks_are_those_of_the_end_in_utc(string end, string month, string week)
    {
        var run = Run("w") with { EndedAt = DateTimeOffset.Parse(end, CultureInfo.InvariantCulture) };
        string KeyBy(ReportGrouping grouping)
        {
            var builder = new ReportBuilder(From.AddYears(-4), From.AddYears(4), grouping);
            builder.Add(run);
            return Assert.Single(builder.Build(withPrevious: false).Groups).Key;
        }

        Assert.Equal((month, week), (KeyBy(ReportGrouping.Month), KeyBy(ReportGrouping.Week)));
    }

    [Fact]
    public void The_start_counts_the_end_does_not_and_what_is_before_is_the_previous_period()
    {
        FinishedUpgrade Ended(DateTimeOffset at) => Run("w") with { EndedAt = at };
        var length = To - From;

        var report = Report(
            [
                Ended(From),
                Ended(To.AddTicks(-1)),
                Ended(To),
                Ended(From.AddTicks(-1)),
                Ended(From - length),
                Ended((From - length).AddTicks(-1)),
            ],
            ReportGrouping.None
        );

        Assert.Equal(
            (2, 2, From - length, From),
            (Assert.Single(report.Groups).Runs, report.Previous!.Runs, report.Previous.From, report.Previous.To)
        );
    }

    [Fact]
    public void Versions_stand_in_their_natural_order_and_the_unknown_last()
    {
        string?[] versions = ["v1.10.0", null, "v1.9.10", "v1.9.2", "w", "v1.9.2-r0"];
        Assert.Equal(
            ["v1.9.2", "v1.9.2-r0", "v1.9.10", "v1.10.0", "w", "unknown"],
            Report([.. versions.Select(version => Run("w") with { TargetVersion = version })], ReportGrouping.TargetVersion)
                .Groups.Select(group => group.Key)
        );
    }

    [Fact]
    public void Without_a_run_there_is_one_empty_group_without_rates_and_percentiles()
    {
        var all = Assert.Single(Report([], ReportGrouping.None).Groups);
        Assert.Equal(
            ("all", 0, null, null, null, null, null),
            (all.Key, all.Runs, all.SuccessRate, all.FirstTimeSuccessRate, all.RunSeconds, all.WaitSeconds, all.BlockedSeconds)
        );
        Assert.Empty(Report([], ReportGrouping.Month).Groups);
    }

    [Fact]
    public void The_period_before_the_beginning_of_time_is_what_there_is_of_it()
    {
        var builder = new ReportBuilder(DateTimeOffset.MinValue.AddDays(1), DateTimeOffset.MinValue.AddDays(5), ReportGrouping.None);
        Assert.Equal(DateTimeOffset.MinValue, builder.PreviousFrom);
        Assert.Equal(0, builder.Build(withPrevious: true).Previous!.Runs);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static UpgradeReport Report(IReadOnlyList<FinishedUpgrade> runs, ReportGrouping grouping)
    {
        var builder = new ReportBuilder(From, To, grouping);
        foreach (var run in runs)
        {
            builder.Add(run);
        }

        return builder.Build(withPrevious: true);
    }

    private static FinishedUpgrade Run(string id) =>
        new()
        {
            Target = new WorkflowTarget("p", "c", id),
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = From.AddDays(1),
        };

    // What follows is the independent calculation: by definition and by counting, without anything of the production code.
    private static string Key(FinishedUpgrade run, ReportGrouping grouping) =>
        grouping switch
        {
            ReportGrouping.Month => $"{run.EndedAt.Year:D4}-{run.EndedAt.Month:D2}",
            ReportGrouping.Week => WeekOf(run.EndedAt.UtcDateTime.Date),
            ReportGrouping.TargetVersion => run.TargetVersion ?? "unknown",
            ReportGrouping.Cluster => run.Target.ClusterId,
            _ => "all",
        };

    /// <summary>The week belongs to the year of its Thursday.</summary>
    private static string WeekOf(DateTime day)
    {
        var thursday = day.AddDays(3 - ((int)day.DayOfWeek + 6) % 7);
        return $"{thursday.Year:D4}-W{(thursday.DayOfYear - 1) / 7 + 1:D2}";
    }

    private static void Agree(List<FinishedUpgrade> runs, UpgradeStatistics statistics)
    {
        Assert.Equal(runs.Count, statistics.Runs);
        Assert.Equal(
            (
                Ended(WorkflowOutcome.Succeeded),
                Ended(WorkflowOutcome.Cancelled),
                Ended(WorkflowOutcome.RolledBack),
                Ended(WorkflowOutcome.Gone),
                Ended(WorkflowOutcome.Unclear)
            ),
            (statistics.Succeeded, statistics.Cancelled, statistics.RolledBack, statistics.Gone, statistics.Unclear)
        );
        static bool Failed(FinishedUpgrade run) =>
            run.Tasks.Any(task =>
                task.Failures > 0
                || task.UnseenFailures is not null
                || (
                    task.Attempts > 1
                    && (task.Type.Value is "Cluster" or "Snapshot" or "PostCheck")
                    && run.Tasks.All(other => other.Type.Value != "Rollback" || other.Attempts == 0)
                )
            );
        var watched = runs.Where(run => run.SeenLive).ToList();
        var clean = watched.Count(run => run.Outcome == WorkflowOutcome.Succeeded && !Failed(run));
        var watchedClear = watched.Count(run => run.Outcome != WorkflowOutcome.Unclear);
        Assert.Equal(
            (watched.Count, watched.Count(run => run.Outcome == WorkflowOutcome.Succeeded), clean),
            (statistics.WatchedRuns, statistics.WatchedSucceeded, statistics.FirstTimeSuccesses)
        );
        var clear = runs.Count(run => run.Outcome != WorkflowOutcome.Unclear);
        Assert.Equal(clear == 0 ? null : Ended(WorkflowOutcome.Succeeded) / (double)clear, statistics.SuccessRate);
        Assert.Equal(watchedClear == 0 ? null : clean / (double)watchedClear, statistics.FirstTimeSuccessRate);
        Assert.Equal(runs.Count(Failed), statistics.FailedOnTheWay);
        Assert.Equal(runs.Sum(run => run.Attempts), statistics.Attempts);
        Assert.Equal(
            runs.SelectMany(run => run.Tasks).Where(task => task.Type.Value == "Rollback").Sum(task => task.Attempts),
            statistics.Rollbacks
        );
        var blocked = runs.Where(run => run.BlockedSeconds is not null).Sum(run => (decimal)run.BlockedSeconds!.Value);
        Assert.Equal(runs.All(run => run.BlockedSeconds is null) ? null : (double)blocked, statistics.BlockedSeconds);
        var splits = runs.Select(run => run.Time).OfType<TimeSplit>().ToList();
        double Sum(Func<TimeSplit, double> part) => (double)splits.Sum(split => (decimal)part(split));
        Assert.Equal(splits.Count, statistics.TimeRuns);
        Assert.Equal(
            splits.Count == 0
                ? null
                : new(
                    Sum(split => split.WorkSeconds),
                    Sum(split => split.PersonSeconds),
                    Sum(split => split.QueueSeconds),
                    Sum(split => split.BlockedSeconds),
                    Sum(split => split.UnknownSeconds)
                ),
            statistics.Time
        );
        AgreeOn(runs.Select(run => run.ActiveSeconds), statistics.RunSeconds);
        AgreeOn(runs.Select(run => run.WaitingSeconds), statistics.WaitSeconds);

        var types = new[] { "PreCheck", "Snapshot", "Cluster", "PostCheck", "Rollback", "Novel" };
        var tasks = runs.SelectMany(run => run.Tasks).ToList();
        Assert.Equal(types.Where(type => tasks.Any(task => task.Type.Value == type)), statistics.Tasks.Select(task => task.Type.Value));
        foreach (var task in statistics.Tasks)
        {
            var same = tasks.Where(other => other.Type == task.Type).ToList();
            Assert.Equal((same.Sum(other => other.Attempts), same.Sum(other => other.Failures)), (task.Runs, task.Failures));
            AgreeOn(same.Select(other => other.RunSeconds), task.RunSeconds);
            AgreeOn(same.Select(other => other.WaitSeconds), task.WaitSeconds);
        }

        var failures = types
            .SelectMany(type =>
                new[] { "APIs", "CoreDNS", "etcd", "nodes" }.Select(name =>
                    (
                        type,
                        name,
                        count: tasks
                            .Where(task => task.Type.Value == type)
                            .Sum(task => task.Failed?.Where(item => item.Name == name).Sum(item => item.Count) ?? 0)
                    )
                )
            )
            .Where(failure => failure.count > 0)
            .OrderByDescending(failure => failure.count)
            .Take(10);
        Assert.Equal(failures, statistics.TopFailures.Select(failure => (failure.Type.Value, failure.Name, failure.Count)));
        Assert.Equal(
            runs.Where(run => run.ActiveSeconds is not null).Select(run => run.ActiveSeconds!.Value).OrderDescending().Take(5),
            statistics.Slowest.Select(run => run.RunSeconds)
        );

        int Ended(WorkflowOutcome outcome) => runs.Count(run => run.Outcome == outcome);
    }

    private static void AgreeOn(IEnumerable<double?> all, Percentiles? percentiles)
    {
        var values = all.OfType<double>().ToList();
        if (values.Count == 0)
        {
            Assert.Null(percentiles);
            return;
        }

        // The smallest value that at least so many percent of all do not exceed.
        double Rank(int percent) => values.Where(value => values.Count(other => other <= value) * 100 >= percent * values.Count).Min();
        Assert.Equal(new Percentiles(Rank(50), Rank(80), Rank(95), values.Max()), percentiles);
    }
}
