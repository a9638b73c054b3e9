using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Tests.Reports;

/// <summary>Reports made by hand.</summary>
internal static class Reports
{
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset To = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> Names { get; } = ["year", "one", "empty", "hostile", "weeks", "versions", "active", "unwatched"];

    public static UpgradeReport Of(string name) =>
        name switch
        {
            "year" => Year(),
            "one" => Of("none", [Group("all", 5, first: 3, later: 2, run: 840, wait: 5400)], previous: null),
            "unwatched" => Unwatched(),
            "empty" => Of("month", [], Period(Group("", 0, 0, 0))),
            "hostile" => Hostile(),
            "weeks" => Weeks(),
            "active" => Of("none", [Group("all", 5, first: 3, later: 2, run: 840, wait: 5400)], previous: null) with
            {
                Active =
                [
                    new()
                    {
                        WorkflowId = "e271e39e-1a6e-4d3d-8fa8-2a36329c68d1",
                        ClusterId = "d4b9e60f-8aa2-11ee-af09-0255ac10004f",
                        ProjectId = "p",
                        ClusterName = "checkout-jakarta-2",
                        TargetVersion = "v1.28.6-r0",
                        Assessment = Assessment.Blocked,
                        Stale = true,
                        ElapsedSeconds = 200_000,
                        ActiveSeconds = 700,
                    },
                    new()
                    {
                        WorkflowId = "w",
                        ClusterId = "c",
                        ProjectId = "p",
                        Assessment = Assessment.Unknown,
                        Stale = false,
                    },
                ],
                ActiveCut = true,
            },
            _ => Of(
                "targetVersion",
                [
                    Group("v1.9.2-r0", 4, 3, 1, run: 1200, wait: 7200),
                    Group("v1.28.6-r0", 12, 9, 1, cancelled: 1, back: 1, run: 900, wait: 3600),
                    Group("v1.30.1-r0", 3, 1, 0, gone: 2),
                    Group("unknown", 1, 1, 0, run: 300, wait: 60),
                ],
                previous: null
            ),
        };

    /// <summary>A year that gets better: fewer failures and faster; no upgrade in April and over the summer but one in July.</summary>
    private static UpgradeReport Year() =>
        Of(
            "month",
            [
                Group("2026-01", 9, first: 3, later: 2, cancelled: 1, back: 2, gone: 1, run: 1500, wait: 9000),
                Group("2026-02", 11, first: 5, later: 2, cancelled: 2, back: 2, run: 1440, wait: 12_600),
                Group("2026-03", 8, first: 4, later: 3, back: 1, run: 1320, wait: 7200),
                Group("2026-05", 12, first: 8, later: 2, cancelled: 1, back: 1, run: 1260, wait: 6900),
                Group("2026-07", 2, first: 1, later: 0, gone: 1, run: 1900, wait: 90_000),
                Group("2026-09", 14, first: 10, later: 3, cancelled: 1, run: 1080, wait: 5400),
                Group("2026-10", 15, first: 12, later: 2, back: 1, run: 960, wait: 5100),
                Group("2026-11", 13, first: 12, later: 1, run: 900, wait: 4800),
                Group("2026-12", 16, first: 15, later: 1, run: 870, wait: 4500),
            ],
            Period(Group("", 60, 20, 20, cancelled: 8, back: 10, gone: 2, run: 1700, wait: 12_000))
        );

    /// <summary>Of seven upgrades six had ended before they were first seen.</summary>
    private static UpgradeReport Unwatched()
    {
        var report = Of("month", [Group("2026-11", 3, 3, 0, run: 840), Group("2026-12", 4, 1, 1, cancelled: 2, run: 840)], previous: null);
        var (older, newer) = (report.Groups[0], report.Groups[1]);
        return report with
        {
            Groups =
            [
                older with
                {
                    WatchedRuns = 0,
                    WatchedSucceeded = 0,
                    FirstTimeSuccesses = 0,
                    FirstTimeSuccessRate = null,
                },
                newer with
                {
                    WatchedRuns = 1,
                    WatchedSucceeded = 1,
                    FirstTimeSuccesses = 1,
                    FirstTimeSuccessRate = 1,
                },
            ],
            Total = report.Total with { WatchedRuns = 1, WatchedSucceeded = 1, FirstTimeSuccesses = 1, FirstTimeSuccessRate = 1 },
        };
    }

    /// <summary>Names that want to be links, marks, formulas, elements and actions; and with no end.</summary>
    private static UpgradeReport Hostile()
    {
        string[] evil =
        [
            "=HYPERLINK(\"https://evil.example\")",
            "[click](https://evil.example)",
            "</text><script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a|b\r\n# head",
            "]]>&amp;{{DATE(2026-01-01,SHORT)}}",
            "\u202Eevil\u0000\uD800",
            "@everyone **bold** `code`",
            new string('x', 500),
            "é中文🚀🚀🚀",
        ];
        var groups = evil.Select((key, i) => Group(key, i + 1, i, 1, run: 600 + i * 60, wait: 60) with { TopFailures = [] }).ToList();
        var report = Of("cluster", groups, previous: null);
        var tasks = evil.Select(type => new TaskStatistics(new UpgradeTaskType(type), 3, 1, Times(600), Times(60))).ToList();
        return report with
        {
            Total = report.Total with
            {
                Tasks = tasks,
                TopFailures = [.. evil.Select(item => new TopFailure(new UpgradeTaskType(item), item, 2))],
                Slowest =
                [
                    .. evil.Take(5)
                        .Select(name => new SlowUpgrade(name, name, name, name, WorkflowOutcome.RolledBack, From.AddDays(3), 3600, 7200)),
                ],
            },
        };
    }

    /// <summary>Two years of weeks, but every fifth of them; neither the first nor the last one whole.</summary>
    private static UpgradeReport Weeks()
    {
        var from = new DateTimeOffset(2025, 1, 2, 8, 0, 0, TimeSpan.Zero);
        var to = new DateTimeOffset(2026, 12, 30, 8, 0, 0, TimeSpan.Zero);
        var groups = Enumerable
            .Range(0, 104)
            .Where(i => i % 17 is not 3 and not 4)
            .Select(i => from.AddDays(7 * i))
            .Select(
                (at, i) =>
                    Group(
                        FormattableString.Invariant(
                            $"{System.Globalization.ISOWeek.GetYear(at.Date):D4}-W{System.Globalization.ISOWeek.GetWeekOfYear(at.Date):D2}"
                        ),
                        3 + i % 7,
                        2 + i % 5,
                        1 + (i % 7 > i % 5 ? 1 : 0) - (i % 7 < i % 5 ? 1 : 0),
                        run: 4000 - 20 * i + 400 * Math.Sin(i * 0.7),
                        wait: 90_000
                    )
            );
        return Of("week", [.. groups], Period(Group("", 300, 200, 50, back: 50, run: 4000, wait: 90_000))) with { From = from, To = to };
    }

    private static UpgradeReport Of(string groupBy, IReadOnlyList<ReportGroup> groups, ReportPeriod? previous)
    {
        // As if the group in the middle stood for all: figures made by hand need only look like some.
        var typical = groups.OrderBy(group => group.RunSeconds?.P50).ElementAtOrDefault(groups.Count / 2);
        var total = Sum(groups);
        return new()
        {
            From = From,
            To = To,
            GroupBy = groupBy,
            Groups = groups,
            Total = total with
            {
                From = From,
                To = To,
                RunSeconds = typical?.RunSeconds,
                WaitSeconds = typical?.WaitSeconds,
                Tasks = typical is null
                    ? []
                    :
                    [
                        new(UpgradeTaskType.PreCheck, total.Runs * 4 / 3, total.Runs / 4, Times(61), Times(2849)),
                        new(UpgradeTaskType.Snapshot, total.Runs / 2, 0, Times(125), null),
                        new(UpgradeTaskType.Cluster, total.Runs * 11 / 10, total.Runs / 8, Times(790), Times(1250)),
                        new(UpgradeTaskType.PostCheck, total.Succeeded, 0, Times(4), Times(5400)),
                        new(UpgradeTaskType.Rollback, total.Rollbacks, 0, null, Times(30)),
                    ],
                TopFailures = typical is null
                    ? []
                    :
                    [
                        new(UpgradeTaskType.PreCheck, "CoreDNS deployment check", 9),
                        new(UpgradeTaskType.PreCheck, "etcd", 7),
                        new(UpgradeTaskType.Cluster, "Cluster", 5),
                    ],
                Slowest = typical is null
                    ? []
                    :
                    [
                        new(
                            "c271e39e-1a6e-4d3d-8fa8-2a36329c68d1",
                            "b4b9e60f-8aa2-11ee-af09-0255ac10004f",
                            "checkout-jakarta-1",
                            "v1.28.6-r0",
                            WorkflowOutcome.Succeeded,
                            From.AddDays(40),
                            7260,
                            100_000
                        ),
                        new(
                            "d271e39e-1a6e-4d3d-8fa8-2a36329c68d1",
                            "c4b9e60f-8aa2-11ee-af09-0255ac10004f",
                            null,
                            null,
                            WorkflowOutcome.RolledBack,
                            From.AddDays(12),
                            5400,
                            null
                        ),
                    ],
            },
            Previous = previous,
        };
    }

    private static ReportPeriod Sum(IReadOnlyList<ReportGroup> groups)
    {
        var runs = groups.Sum(group => group.Runs);
        var first = groups.Sum(group => (int)Math.Round((group.FirstTimeSuccessRate ?? 0) * group.Runs));
        return new()
        {
            Runs = runs,
            Succeeded = groups.Sum(group => group.Succeeded),
            Cancelled = groups.Sum(group => group.Cancelled),
            RolledBack = groups.Sum(group => group.RolledBack),
            Gone = groups.Sum(group => group.Gone),
            SuccessRate = runs == 0 ? null : (double)groups.Sum(group => group.Succeeded) / runs,
            FirstTimeSuccessRate = runs == 0 ? null : (double)first / runs,
            WatchedRuns = runs,
            WatchedSucceeded = groups.Sum(group => group.Succeeded),
            FirstTimeSuccesses = first,
            FailedOnTheWay = groups.Sum(group => group.FailedOnTheWay),
            Attempts = groups.Sum(group => group.Attempts),
            Rollbacks = groups.Sum(group => group.Rollbacks),
            BlockedSeconds = runs == 0 ? null : groups.Sum(group => group.BlockedSeconds ?? 0),
            Time = runs == 0 ? null : new(runs * 900, runs * 5400, runs * 120, groups.Sum(group => group.BlockedSeconds ?? 0), 0),
            TimeRuns = runs == 0 ? 0 : Math.Max(1, runs * 3 / 4),
        };
    }

    private static ReportPeriod Period(ReportGroup statistics) =>
        Sum([statistics]) with
        {
            From = From - (To - From),
            To = From,
            RunSeconds = statistics.RunSeconds,
            WaitSeconds = statistics.WaitSeconds,
        };

    private static ReportGroup Group(
        string key,
        int runs,
        int first,
        int later,
        int cancelled = 0,
        int back = 0,
        int gone = 0,
        double? run = null,
        double? wait = null
    ) =>
        new()
        {
            Key = key,
            Runs = runs,
            Succeeded = first + later,
            Cancelled = cancelled,
            RolledBack = back,
            Gone = gone,
            SuccessRate = runs == 0 ? null : (double)(first + later) / runs,
            FirstTimeSuccessRate = runs == 0 ? null : (double)first / runs,
            WatchedRuns = runs,
            WatchedSucceeded = first + later,
            FirstTimeSuccesses = first,
            FailedOnTheWay = later + back,
            Attempts = runs * 4,
            Rollbacks = back,
            BlockedSeconds = runs == 0 ? null : (later + back) * 1800,
            RunSeconds = run is { } r ? Times(r) : null,
            WaitSeconds = wait is { } w ? Times(w) : null,
            Tasks = [new(UpgradeTaskType.PreCheck, runs, later, Times(60), null)],
        };

    private static Percentiles Times(double half) => new(half, Math.Round(half * 1.5), Math.Round(half * 2.2), half * 3);
}
