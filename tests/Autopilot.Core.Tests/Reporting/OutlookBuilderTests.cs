using System.Text.RegularExpressions;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using CsCheck;

namespace Autopilot.Core.Tests.Reporting;

public sealed class OutlookBuilderTests
{
    private static readonly DateTimeOffset To = new(2026, 11, 23, 8, 1, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset From = To.AddMonths(-12);
    private static readonly string?[] Versions = ["v1.27.8-r0", "v1.28.6-r0", "v1.28.9-r2", "V1.28.6-r0", "odd", null];

    private static readonly Gen<double?> Seconds = Gen.OneOf(
        Gen.Const((double?)null),
        Gen.Long[0, 50_000_000_000].Select(ticks => (double?)TimeSpan.FromTicks(ticks).TotalSeconds)
    );

    private static readonly Gen<FinishedTask> Tasks =
        from type in OneOf(
            UpgradeTaskType.PreCheck,
            UpgradeTaskType.Cluster,
            UpgradeTaskType.PostCheck,
            UpgradeTaskType.Rollback,
            new UpgradeTaskType("Novel")
        )
        from status in OneOf(UpgradeTaskStatus.Success, UpgradeTaskStatus.Success, UpgradeTaskStatus.Failed, UpgradeTaskStatus.NotStarted)
        from run in Seconds
        from attempts in Gen.Int[0, 3]
        from failures in Gen.Int[0, 3]
        from names in OneOf("etcd", "CoreDNS", "nodes", "APIs").List[0, 3]
        select new FinishedTask(type, status, run, run, null, attempts, Math.Min(attempts, failures))
        {
            Failed =
                failures == 0
                    ? null
                    :
                    [
                        .. names
                            .Select((name, i) => (name, i))
                            .Select(item => new FailedItem(item.name, item.i % 2 == 0 ? null : "NodeCheck", [], item.i + 1)),
                    ],
        };

    private static readonly Gen<FinishedUpgrade> Runs =
        from id in Gen.Int[0, 100_000]
        from cluster in OneOf("c1", "c2", "c3")
        from fromVersion in OneOf(Versions)
        from version in OneOf(Versions)
        from outcome in OneOf([WorkflowOutcome.Succeeded, .. Enum.GetValues<WorkflowOutcome>()])
        from live in OneOf(true, true, true, false)
        from minute in Gen.Int[0, 600_000]
        from active in Seconds
        from waiting in Seconds
        from tasks in Tasks.List[0, 5]
        select new FinishedUpgrade
        {
            Target = new WorkflowTarget("p", cluster, $"w{id}"),
            FromVersion = fromVersion,
            TargetVersion = version,
            Outcome = outcome,
            SeenLive = live,
            EndedAt = To.AddMinutes(-minute),
            ActiveSeconds = active,
            WaitingSeconds = waiting,
            Tasks = [.. tasks.DistinctBy(task => task.Type)],
        };

    private static readonly Gen<OutlookQuery> Queries =
        from cluster in OneOf("c1", "c9", null)
        from version in OneOf(Versions)
        from fromVersion in OneOf(Versions)
        select new OutlookQuery(From, To)
        {
            ClusterId = cluster,
            TargetVersion = version,
            FromVersion = fromVersion,
        };

    [Fact]
    public void Every_figure_and_its_basis_equal_an_independent_calculation() =>
        Gen.Select(Runs.List[0, 50], Queries)
            .Sample(
                (runs, query) => Agree([.. runs.Where(run => run.EndedAt >= From && run.EndedAt < To)], query, Outlook(query, runs)),
                iter: 2000
            );

    [Fact]
    public void The_order_in_which_runs_come_changes_nothing() =>
        Gen.Select(Runs.List[0, 40], Queries)
            .Sample(
                (runs, query) => Assert.Equivalent(Outlook(query, runs), Outlook(query, [.. Enumerable.Reverse(runs)]), strict: true),
                iter: 200
            );

    [Fact]
    public void The_most_similar_group_with_three_upgrades_is_the_basis()
    {
        var query = new OutlookQuery(From, To)
        {
            ClusterId = "c1",
            FromVersion = "v1.27.8-r0",
            TargetVersion = "v1.28.6-r0",
        };
        List<FinishedUpgrade> runs = [];
        void Add(int count, string cluster, string from, string version) =>
            runs.AddRange(
                Enumerable
                    .Range(0, count)
                    .Select(i =>
                        Run($"{cluster}{version}{i}") with
                        {
                            Target = new WorkflowTarget("p", cluster, $"{cluster}{version}{i}"),
                            FromVersion = from,
                            TargetVersion = version,
                        }
                    )
            );
        (OutlookBasis?, int) Basis() => Outlook(query, runs).Outcomes is var ends ? (ends.Basis, ends.Runs) : default;

        Add(2, "c2", "v1.25.1-r0", "v1.26.1-r0");
        Assert.Equal((null, 2), Basis());
        Add(1, "c1", "v1.26.1-r0", "v1.27.8-r0");
        Assert.Equal((OutlookBasis.All, 3), Basis());
        Add(2, "c1", "v1.25.1-r0", "v1.26.1-r0");
        Assert.Equal((OutlookBasis.Cluster, 3), Basis());
        Add(3, "c2", "v1.27.1-r0", "v1.28.9-r2");
        Assert.Equal((OutlookBasis.TargetMinor, 3), Basis());
        Add(3, "c3", "v1.27.1-r0", "v1.28.6-r0");
        Assert.Equal((OutlookBasis.TargetVersion, 3), Basis());
        Add(3, "c4", "v1.27.8-r0", "v1.28.6-r0");
        Assert.Equal((OutlookBasis.VersionPair, 3), Basis());
        Add(3, "c1", "v1.27.1-r0", "v1.28.6-r0");
        Assert.Equal((OutlookBasis.ClusterAndVersion, 3), Basis());
    }

    [Theory]
    [InlineData(
        0,
        "No upgrade has ended in the last 12 months: too little history to estimate how this one may go; at least 3 are needed."
    )]
    [InlineData(
        1,
        "Only 1 upgrade has ended in the last 12 months: too little history to estimate how this one may go; at least 3 are needed."
    )]
    [InlineData(
        2,
        "Only 2 upgrades have ended in the last 12 months: too little history to estimate how this one may go; at least 3 are needed."
    )]
    public void With_fewer_than_three_it_says_so_and_has_no_figure(int count, string headline)
    {
        var outlook = Outlook(new OutlookQuery(From, To) { ClusterId = "c1" }, [.. Enumerable.Range(0, count).Select(i => Run($"w{i}"))]);

        Assert.Equal((true, count, headline), (outlook.TooLittleHistory, outlook.Runs, outlook.Headline));
        Assert.Equal(new OutcomeOutlook { Runs = count }, outlook.Outcomes);
        Assert.Equal(new AttemptOutlook { Runs = count }, outlook.Attempts);
        Assert.Equal(new DurationOutlook { Runs = count }, outlook.Duration);
        Assert.Equal(new PreCheckOutlook { Runs = count }, outlook.PreCheck);
    }

    [Fact]
    public void The_headline_says_the_outcome_the_duration_and_what_to_check_first()
    {
        var runs = Enumerable
            .Range(0, 12)
            .Select(i =>
                Run($"w{i}") with
                {
                    ActiveSeconds = 600 + 65.5 * i,
                    Outcome = i == 11 ? WorkflowOutcome.RolledBack : WorkflowOutcome.Succeeded,
                    Tasks = i > 2 ? [Check(1)] : [Check(2, "CoreDNS add-on status.")],
                }
            )
            .ToList();
        var query = new OutlookQuery(From, To) { TargetVersion = "v1.28.6-r0" };

        Assert.Equal(
            "Of 12 upgrades to v1.28.6-r0 in the last 12 months, 11 succeeded, 1 needed a rollback and 3 needed a second attempt; "
                + "those that succeeded took up to 16 min of work (median), "
                + "four of five up to 19 min (P80); the pre-check failed most on 'CoreDNS add-on status', in 3 of them: look at that "
                + "before you start.",
            Outlook(query, runs).Headline
        );
        Assert.StartsWith(
            "Of 12 upgrades to any v1.28 version in the last 12 months, 11 succeeded",
            Outlook(query with { TargetVersion = "v1.28.99" }, runs).Headline,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Of 12 upgrades to any version of this project in the last 12 months, 11 succeeded",
            Outlook(query with { TargetVersion = "v2", ProjectId = "p" }, runs).Headline,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Of 12 upgrades of this cluster to v1.28.6-r0 in",
            Outlook(query with { ClusterId = "c1" }, runs).Headline,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Of 12 upgrades from v1.27.8-r0 to v1.28.6-r0 in",
            Outlook(query with { FromVersion = "v1.27.8-r0" }, runs).Headline,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_headline_says_which_upgrades_a_figure_is_of_where_they_are_others()
    {
        // To the version that is meant nothing has succeeded, and only some were watched.
        var runs = Enumerable
            .Range(0, 4)
            .Select(i => Run($"w{i}") with { Outcome = WorkflowOutcome.Cancelled, SeenLive = i > 0, Tasks = [Check(1 + i, "etcd")] })
            .Concat(Enumerable.Range(4, 3).Select(i => Run($"w{i}") with { TargetVersion = "v1.27.8-r0", ActiveSeconds = 0 }))
            .ToList();

        Assert.Equal(
            "Of 4 upgrades to v1.28.6-r0 in the last 12 months, none succeeded; of 3 of them that were watched as they went, 3 "
                + "needed a second attempt; 3 upgrades to any version that "
                + "succeeded took up to 1 min of work (median), four of five up to 1 min (P80); the pre-check failed most "
                + "on 'etcd', in 3 of 3 of them that were watched: look at that before you start.",
            Outlook(new OutlookQuery(From, To) { TargetVersion = "v1.28.6-r0" }, runs).Headline
        );
    }

    [Theory]
    [InlineData(59.5, "1 min")]
    [InlineData(60, "1 min")]
    [InlineData(60.0000001, "2 min")]
    [InlineData(3601, "1 h 1 min")]
    [InlineData(86_401, "1 day 1 h")]
    [InlineData(259_201, "4 days")]
    public void A_time_in_the_headline_is_rounded_up(double seconds, string said)
    {
        var runs = Enumerable.Range(0, 3).Select(i => Run($"w{i}") with { ActiveSeconds = seconds }).ToList();
        Assert.Contains(
            $"took up to {said} of work",
            Outlook(new OutlookQuery(From, To) { ClusterId = "c1" }, runs).Headline,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_that_others_wrote_stay_on_one_line_and_short()
    {
        var name = $"bad\r\n\u202ename. Call me{new string('x', 200)}";
        var headline = Outlook(
            new OutlookQuery(From, To) { ClusterId = "c1" },
            [.. Enumerable.Range(0, 3).Select(i => Run($"w{i}") with { Tasks = [Check(2, name)] })]
        ).Headline;
        Assert.Contains("failed most on 'bad name, Call mexxx", headline, StringComparison.Ordinal);
        Assert.Contains("x…', in 3 of them", headline, StringComparison.Ordinal);
        Assert.InRange(headline.Length, 1, 350);
    }

    [Fact]
    public void Of_too_many_it_takes_the_first_and_says_so()
    {
        var builder = new OutlookBuilder(new OutlookQuery(From, To) { ClusterId = "c1" });
        var run = Run("w");
        for (var i = 0; i < OutlookBuilder.MaxRuns; i++)
        {
            Assert.True(builder.Add(run));
        }

        Assert.Null(builder.Build().Cut);
        Assert.False(builder.Add(run with { Outcome = WorkflowOutcome.Cancelled }));
        Assert.Equal((true, OutlookBuilder.MaxRuns, 0), (builder.Build().Cut, builder.Build().Runs, builder.Build().Outcomes.Cancelled));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static UpgradeOutlook Outlook(OutlookQuery query, IReadOnlyList<FinishedUpgrade> runs)
    {
        var builder = new OutlookBuilder(query);
        foreach (var run in runs)
        {
            Assert.True(builder.Add(run));
        }

        return builder.Build();
    }

    private static FinishedUpgrade Run(string id) =>
        new()
        {
            Target = new WorkflowTarget("p", "c1", id),
            FromVersion = "v1.27.8-r0",
            TargetVersion = "v1.28.6-r0",
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = To.AddDays(-1),
            ActiveSeconds = 60,
            Tasks = [Check(1)],
        };

    private static FinishedTask Check(int attempts, params string[] failed) =>
        new(UpgradeTaskType.PreCheck, UpgradeTaskStatus.Success, 60, 60, 5, attempts, attempts - 1)
        {
            Failed = failed.Length == 0 ? null : [.. failed.Select(name => new FailedItem(name, null, [], attempts - 1))],
        };

    // What follows is the independent calculation: by definition and by counting, without anything of the production code.
    private static void Agree(List<FinishedUpgrade> runs, OutlookQuery query, UpgradeOutlook outlook)
    {
        Assert.Equal((runs.Count, runs.Count < 3, null), (outlook.Runs, outlook.TooLittleHistory, outlook.Cut));

        var ends = Kin(runs, _ => true, query, outlook.Outcomes);
        if (ends is not null)
        {
            int Ended(WorkflowOutcome outcome) => ends.Count(run => run.Outcome == outcome);
            var rollbacks = ends.Count(run =>
                run.Outcome == WorkflowOutcome.RolledBack || run.Tasks.Any(task => task.Type.Value == "Rollback" && task.Attempts > 0)
            );
            Assert.Equal(
                new OutcomeOutlook
                {
                    Basis = outlook.Outcomes.Basis,
                    Runs = ends.Count,
                    Succeeded = Ended(WorkflowOutcome.Succeeded),
                    Cancelled = Ended(WorkflowOutcome.Cancelled),
                    RolledBack = Ended(WorkflowOutcome.RolledBack),
                    Gone = Ended(WorkflowOutcome.Gone),
                    Unclear = Ended(WorkflowOutcome.Unclear),
                    SuccessRate =
                        Ended(WorkflowOutcome.Unclear) == ends.Count
                            ? null
                            : Ended(WorkflowOutcome.Succeeded) / (double)(ends.Count - Ended(WorkflowOutcome.Unclear)),
                    Rollbacks = rollbacks,
                    RollbackRate = rollbacks / (double)ends.Count,
                },
                outlook.Outcomes
            );
        }

        string[] types = ["PreCheck", "Cluster", "PostCheck", "Rollback", "Novel"];
        FinishedTask? Task(FinishedUpgrade run, string type) => run.Tasks.SingleOrDefault(task => task.Type.Value == type);

        var watched = Kin(runs, run => run.SeenLive, query, outlook.Attempts);
        var again = watched?.Count(run => run.Tasks.Any(task => task.Attempts >= 2));
        Assert.Equal((again, again / (double?)watched?.Count), (outlook.Attempts.SecondAttempts, outlook.Attempts.SecondAttemptRate));
        Assert.Equal(
            watched is null
                ? null
                : types
                    .Select(type =>
                        (
                            type,
                            ran: watched.Count(run => Task(run, type)?.Attempts > 0),
                            twice: watched.Count(run => Task(run, type)?.Attempts > 1)
                        )
                    )
                    .Where(task => task.ran >= 3)
                    .Select(task => (task.type, task.ran, task.twice, task.twice / (double)task.ran)),
            outlook.Attempts.Tasks?.Select(task => (task.Type.Value, task.Runs, task.SecondAttempts, task.SecondAttemptRate))
        );

        var done = Kin(runs, run => run.Outcome == WorkflowOutcome.Succeeded && run.ActiveSeconds is not null, query, outlook.Duration);
        Assert.Equal(Times(done?.Select(run => run.ActiveSeconds)), outlook.Duration.RunSeconds);
        Assert.Equal(Times(done?.Select(run => run.WaitingSeconds)), outlook.Duration.WaitSeconds);
        Assert.Equal(
            done is null
                ? null
                : types
                    .Select(type =>
                        (
                            type,
                            times: Times(
                                done.Select(run => Task(run, type) is { } task && task.Status.Value == "Success" ? task.RunSeconds : null)
                            )
                        )
                    )
                    .Where(task => task.times is not null),
            outlook.Duration.Tasks?.Select(task => (task.Type.Value, (OutlookTimes?)task.RunSeconds))
        );

        var names = new[] { "APIs", "CoreDNS", "etcd", "nodes" };
        var @checked = Kin(runs, run => run.SeenLive && Task(run, "PreCheck")?.Attempts > 0, query, outlook.PreCheck);
        Assert.Equal(@checked?.Count(run => Task(run, "PreCheck")!.Failures > 0), outlook.PreCheck.Failed);
        Assert.Equal(
            @checked is null
                ? null
                : names
                    .Select(name =>
                        (
                            name,
                            of: @checked.Count(run => Task(run, "PreCheck")!.Failed?.Any(item => item.Name == name) == true),
                            failures: @checked.Sum(run =>
                                Task(run, "PreCheck")!.Failed?.Where(item => item.Name == name).Sum(item => item.Count) ?? 0
                            )
                        )
                    )
                    .Where(item => item.of > 0)
                    .OrderByDescending(item => item.of)
                    .ThenByDescending(item => item.failures)
                    .Select(item => (item.name, item.of, item.of / (double)@checked.Count, item.failures)),
            outlook.PreCheck.Items?.Select(item => (item.Name, item.Runs, item.Rate, item.Failures))
        );
    }

    /// <summary>
    /// The runs that a section must be made of; null where it must have none. Its own basis and count are held against that.
    /// </summary>
    private static List<FinishedUpgrade>? Kin(
        List<FinishedUpgrade> runs,
        Func<FinishedUpgrade, bool> reports,
        OutlookQuery query,
        OutlookSection section
    )
    {
        var view = runs.Where(reports).ToList();
        static string? Minor(string? version) =>
            version is null || Regex.Match(version, @"^[vV]?(\d+\.\d+)([-.+]|$)") is not { Success: true } match
                ? null
                : match.Groups[1].Value;
        (OutlookBasis Basis, bool Asked, Func<FinishedUpgrade, bool> Is)[] bases =
        [
            (
                OutlookBasis.ClusterAndVersion,
                query.ClusterId is not null && query.TargetVersion is not null,
                run => run.Target.ClusterId == query.ClusterId && run.TargetVersion == query.TargetVersion
            ),
            (
                OutlookBasis.VersionPair,
                query.FromVersion is not null && query.TargetVersion is not null,
                run => run.FromVersion == query.FromVersion && run.TargetVersion == query.TargetVersion
            ),
            (OutlookBasis.TargetVersion, query.TargetVersion is not null, run => run.TargetVersion == query.TargetVersion),
            (
                OutlookBasis.TargetMinor,
                Minor(query.TargetVersion) is not null,
                run => Minor(run.TargetVersion) == Minor(query.TargetVersion)
            ),
            (OutlookBasis.Cluster, query.ClusterId is not null, run => run.Target.ClusterId == query.ClusterId),
            (OutlookBasis.All, true, _ => true),
        ];
        var nearest = bases.FirstOrDefault(basis => basis.Asked && view.Count(basis.Is) >= 3);
        Assert.Equal(
            (nearest.Asked ? nearest.Basis : null, nearest.Asked ? view.Count(nearest.Is) : view.Count),
            (section.Basis, section.Runs)
        );
        return nearest.Asked ? [.. view.Where(nearest.Is)] : null;
    }

    private static OutlookTimes? Times(IEnumerable<double?>? all)
    {
        var values = all?.OfType<double>().ToList() ?? [];
        // The smallest value that at least so many percent of all do not exceed.
        double Rank(int percent) => values.Where(value => values.Count(other => other <= value) * 100 >= percent * values.Count).Min();
        return values.Count < 3 ? null : new(values.Count, Rank(50), Rank(80));
    }
}
