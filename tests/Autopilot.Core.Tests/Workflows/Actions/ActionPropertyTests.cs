using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Autopilot.Core.Tests.Specification;
using Autopilot.Core.Workflows;
using Autopilot.Core.Workflows.Actions;

namespace Autopilot.Core.Tests.Workflows.Actions;

/// <summary>
/// No advice that upstream refuses, over generated workflows; <c>AUTOPILOT_WORKFLOWS</c> sets how many. Half of them are courses as people
/// and upstream make them, half are states as no upgrade should show them.
/// </summary>
public sealed class ActionPropertyTests
{
    private const int Ordinary = 1000;

    private static readonly string[] Types = ["PreCheck", "Snapshot", "Cluster", "PostCheck", "Rollback", "AddonCheck"];

    private static readonly string?[] Statuses =
    [
        null,
        null,
        "Init",
        "Queuing",
        "Running",
        "Pause",
        "Success",
        "Success",
        "Success",
        "Failed",
        "Failed",
        "Novel",
    ];

    private static readonly string[] Phases = ["Init", "Running", "Running", "Pending", "Pending", "Success", "Cancel", "Novel", ""];

    private static readonly string[] Groups = ["LimitCheck", "MasterCheck", "NodeCheck", "AddonCheck", "ExecuteException", "NovelCheck"];

    [Fact]
    public void No_advice_is_one_that_upstream_refuses()
    {
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("AUTOPILOT_WORKFLOWS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var asked
        )
            ? asked
            : Ordinary;
        var advised = new ConcurrentDictionary<ActionState, int>();
        Parallel.For(
            0,
            count,
            seed =>
            {
                var random = new Random(seed);
                var row = Explain(seed % 2 == 0 ? Likely(seed, random) : Unlikely(random), random);
                row = random.Next(30) == 0 ? row with { GoneSince = row.ObservedAt } : row;
                var summary = WorkflowSummarizer.Summarize(row, Baseline.Empty, stale: false);
                try
                {
                    ActionRules.Check(summary);
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    throw new InvalidOperationException($"Seed {seed}: {exception.Message}\n{summary.Headline}", exception);
                }

                var state = ActionStateFinder.Of(WorkflowAnalysis.Of(row, Baseline.Empty)!);
                advised.AddOrUpdate(state, Advised(summary), (_, known) => known + Advised(summary));
            }
        );

        // Each row of the table is reached, and has an advice.
        Assert.Equal(
            Enum.GetValues<ActionState>().Where(state => state != ActionState.Unread),
            advised.Where(state => state.Value > 0).Select(state => state.Key).Order()
        );
    }

    private static int Advised(WorkflowSummary summary) => summary.Actions.Any(action => action.Advised) ? 1 : 0;

    private static TrackedWorkflow Likely(int seed, Random random)
    {
        var script = HistoryGenerator.Make(seed);
        var sightings = script.Sightings.Where(one => one.Document is not null).ToList();
        var row = WorkflowReplay.New();
        foreach (var sighting in sightings.Take(random.Next(1, sightings.Count + 1)))
        {
            row = WorkflowReplay.Observe(row, Encoding.UTF8.GetBytes(sighting.Document!), sighting.At);
        }

        return row;
    }

    private static TrackedWorkflow Unlikely(Random random)
    {
        var row = WorkflowReplay.New();
        var states = random.Next(1, 4);
        for (var i = 0; i < states; i++)
        {
            row = WorkflowReplay.Observe(row, State(random), States.At(60 * (i + 1)));
        }

        return row with
        {
            ObservedAt = row.ObservedAt!.Value.AddMinutes(random.Next(3) == 0 ? random.Next(3000) : 0),
        };
    }

    private static UpgradeWorkflow State(Random random)
    {
        if (random.Next(20) is 0 or 1)
        {
            // A pre-check whose risks were accepted, as the snapshot after it ran; or that passed, with another task after it.
            var (passed, next) =
                random.Next(2) == 0 ? (UpgradeTaskStatus.Failed, UpgradeTaskType.Snapshot) : (UpgradeTaskStatus.Success, new("AddonCheck"));
            return new UpgradeWorkflow
            {
                Phase = WorkflowPhase.Running,
                CreatedAt = States.At(0),
                Tasks =
                [
                    States.Task(UpgradeTaskType.PreCheck, passed, "p", 5, 6),
                    next == UpgradeTaskType.Snapshot
                        ? States.Task(next, UpgradeTaskStatus.Success, "s", 10, 12)
                        : States.Task(next, UpgradeTaskStatus.NotStarted, null),
                    States.Task(UpgradeTaskType.Cluster, UpgradeTaskStatus.NotStarted, null),
                ],
                Dependencies =
                [
                    new(UpgradeTaskType.PreCheck, next),
                    new(next, UpgradeTaskType.Cluster),
                    new(UpgradeTaskType.Cluster, UpgradeTaskType.PostCheck),
                ],
            };
        }

        // Mostly a single task stands out from an otherwise plain course.
        var reached = random.Next(5);
        return new UpgradeWorkflow
        {
            Phase = new(Phases[random.Next(Phases.Length)]),
            CreatedAt = random.Next(9) == 0 ? null : States.At(0),
            Tasks =
            [
                .. Types
                    .Take(random.Next(3, Types.Length + 1))
                    .Select(
                        (type, i) =>
                            new UpgradeTask
                            {
                                Type = new(type),
                                TaskId = random.Next(4) == 0 ? null : type,
                                Status = new(
                                    random.Next(3) == 0 ? Statuses[random.Next(Statuses.Length)] ?? "NotStarted"
                                    : i < reached && type != "Rollback" ? "Success"
                                    : "NotStarted"
                                ),
                                StartedAt = random.Next(5) == 0 ? null : States.At((10 * i) + random.Next(40)),
                                EndedAt = random.Next(5) == 0 ? null : States.At((10 * i) + 5 + random.Next(40)),
                                ExpiresAt = type == "PreCheck" && random.Next(3) > 0 ? States.At(random.Next(300)) : null,
                            }
                    ),
            ],
            Dependencies = Lines(random),
        };
    }

    private static TaskDependency[] Lines(Random random)
    {
        string[] path = random.Next(5) switch
        {
            0 => [],
            1 => ["PreCheck", "Snapshot", "Cluster", "PostCheck"],
            2 => ["PreCheck", "AddonCheck", "Cluster", "PostCheck"],
            3 => [.. Types.OrderBy(_ => random.Next()).Take(4)],
            _ => ["PreCheck", "Cluster", "PostCheck"],
        };
        return
        [
            .. path.Zip(
                path.Skip(1),
                (from, to) =>
                    new TaskDependency(new(from), new(to))
                    {
                        Critical = random.Next(8) switch
                        {
                            0 => true,
                            1 => false,
                            _ => null,
                        },
                    }
            ),
        ];
    }

    /// <summary>With what upstream says of the failures, as a rule.</summary>
    private static TrackedWorkflow Explain(TrackedWorkflow row, Random random)
    {
        foreach (var run in TaskFailures.Unexplained(row.TaskFailures, row.Runs).ToList())
        {
            if (random.Next(4) > 0)
            {
                row = row with
                {
                    TaskFailures = TaskFailures.Add(
                        row.TaskFailures,
                        run,
                        new FailureReport([
                            .. Enumerable
                                .Range(0, random.Next(4))
                                .Select(i => new FailureDetail
                                {
                                    Name = $"item {i}",
                                    Kind = random.Next(2) == 0 ? "Risk" : "Exception",
                                    Group = Groups[random.Next(Groups.Length)],
                                    Message = "It is not well",
                                }),
                        ])
                    ),
                };
            }
        }

        return row;
    }
}
