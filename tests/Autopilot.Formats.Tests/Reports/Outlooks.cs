using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Tests.Reports;

/// <summary>Outlooks over runs made by hand.</summary>
internal static class Outlooks
{
    public const string Cluster = "b4b9e60f-8aa2-11ee-af09-0255ac10004f",
        Target = "v1.28.6-r0";

    public static readonly OutlookQuery Query = new(new(2025, 11, 23, 8, 1, 0, TimeSpan.Zero), new(2026, 11, 23, 8, 1, 0, TimeSpan.Zero))
    {
        ClusterId = Cluster,
        FromVersion = "v1.27.8-r0",
        TargetVersion = Target,
    };

    public static IReadOnlyList<string> Names { get; } = ["rich", "smooth", "distant", "little", "nothing", "cut", "hostile"];

    public static UpgradeOutlook Of(string name) =>
        name switch
        {
            "rich" => Of(Query, Fleet()),
            // Nothing ever failed.
            "smooth" => Of(Query with { FromVersion = null }, Enumerable.Range(0, 5).Select(i => Run(i, Cluster, Target))),
            // Enough ended, of another version, but hardly any was watched or succeeded.
            "distant" => Of(
                Query,
                Enumerable
                    .Range(0, 4)
                    .Select(i =>
                        Run(i, "another", "v1.25.3-r0") with
                        {
                            SeenLive = i == 0,
                            Outcome = i < 2 ? WorkflowOutcome.Cancelled : WorkflowOutcome.Succeeded,
                            WaitingSeconds = null,
                        }
                    )
            ),
            "little" => Of(
                Query with
                {
                    ProjectId = "9f1b2c3d4e5f60718293a4b5c6d7e8f9",
                },
                [Run(0, Cluster, Target), Run(1, "another", Target)]
            ),
            "nothing" => Of(Query with { ClusterId = null, FromVersion = null }, []),
            "cut" => Of(Query, Fleet()) with { Runs = OutlookBuilder.MaxRuns, Cut = true },
            _ => Hostile(),
        };

    public static UpgradeOutlook Of(OutlookQuery query, IEnumerable<FinishedUpgrade> runs)
    {
        var outlook = new OutlookBuilder(query);
        foreach (var run in runs)
        {
            outlook.Add(run);
        }

        return outlook.Build();
    }

    public static FinishedUpgrade Run(int number, string cluster, string? target, params FinishedTask[] failed)
    {
        FinishedTask[] usual =
        [
            Task(UpgradeTaskType.PreCheck, 75 + number),
            Task(UpgradeTaskType.Cluster, 700 + 31 * number),
            Task(UpgradeTaskType.PostCheck, 4),
        ];
        return new()
        {
            Target = new WorkflowTarget("9f1b2c3d4e5f60718293a4b5c6d7e8f9", cluster, $"w{number}"),
            FromVersion = "v1.27.8-r0",
            TargetVersion = target,
            Outcome = WorkflowOutcome.Succeeded,
            EndedAt = Query.To.AddDays(-1 - number),
            ActiveSeconds = 800 + 33 * number,
            WaitingSeconds = 3600 + 1500 * number,
            Tasks = [.. usual.Where(task => failed.All(other => other.Type != task.Type)), .. failed],
        };
    }

    public static FinishedTask Task(UpgradeTaskType type, double seconds, int failures = 0, params string[] items) =>
        new(type, UpgradeTaskStatus.Success, seconds, seconds * (failures + 1), 60, failures + 1, failures)
        {
            Failed = items.Length == 0 ? null : [.. items.Select(item => new FailedItem(item, "Check", ["E1"], failures))],
        };

    /// <summary>Twelve to the version, two of them of the cluster; one was rolled back. And some to others.</summary>
    private static IEnumerable<FinishedUpgrade> Fleet()
    {
        for (var i = 0; i < 12; i++)
        {
            var cluster = i < 2 ? Cluster : $"other-{i}";
            var run = i switch
            {
                3 => Run(i, cluster, Target, Task(UpgradeTaskType.PreCheck, 80, 2, "CoreDNS add-on status", "Node resources")),
                5 or 8 => Run(i, cluster, Target, Task(UpgradeTaskType.PreCheck, 80, 1, "CoreDNS add-on status")),
                9 => Run(i, cluster, Target, Task(UpgradeTaskType.Cluster, 900, 1), Task(UpgradeTaskType.Rollback, 400)) with
                {
                    Outcome = WorkflowOutcome.RolledBack,
                },
                _ => Run(i, cluster, Target),
            };
            yield return run with
            {
                FromVersion = i % 2 == 0 ? "v1.27.3-r4" : "v1.26.1-r0",
            };
        }

        for (var i = 12; i < 20; i++)
        {
            yield return Run(i, $"other-{i}", "v1.30.1-r0");
        }
    }

    /// <summary>Names that want to be links, marks, formulas, elements and actions; and with no end.</summary>
    private static UpgradeOutlook Hostile()
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
            "www.evil.example",
            new string('<', 300),
        ];
        var tasks = evil.Select((type, i) => Task(new UpgradeTaskType(type), 60 * i, 1))
            .Append(Task(UpgradeTaskType.PreCheck, 60, 1, evil))
            .ToArray();
        return Of(
            Query with
            {
                FromVersion = "[now](https://evil.example)",
                TargetVersion = "v1 <b>@all</b>. https://evil.example |",
            },
            Enumerable.Range(0, 3).Select(i => Run(i, "c", "v1 <b>@all</b>. https://evil.example |", tasks))
        );
    }
}
