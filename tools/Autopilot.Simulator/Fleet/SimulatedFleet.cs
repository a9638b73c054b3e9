using System.Globalization;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator.Fleet;

/// <summary>The workflows of a simulator. Deterministic: the same count and seed give the same ids, scenarios and times.</summary>
public sealed class SimulatedFleet
{
    private static readonly string[] Places = ["jakarta", "bangkok", "singapore", "manila", "hanoi", "dublin", "istanbul", "lima"];
    private static readonly string[] Purposes = ["checkout", "search", "billing", "ledger", "media", "portal", "risk", "fleet"];
    private static readonly (string From, string Target)[] Versions =
    [
        ("v1.27.8-r0", "v1.28.6-r0"),
        ("v1.28.6-r0", "v1.29.8-r0"),
        ("v1.29.8-r0", "v1.31.4-r0"),
        ("v1.28.6-r0", "v1.28.8-r2"),
    ];

    private SimulatedFleet(IReadOnlyList<SimulatedWorkflow> workflows, IReadOnlyList<SimulatedCluster>? clusters = null) =>
        (Workflows, Clusters) = (workflows, clusters ?? []);

    /// <summary>The workflows it begins with; a running simulator can be given more.</summary>
    public IReadOnlyList<SimulatedWorkflow> Workflows { get; }

    /// <summary>Clusters that exist whether or not they have ever been upgraded; those of <see cref="Workflows"/> exist anyway.</summary>
    public IReadOnlyList<SimulatedCluster> Clusters { get; }

    /// <summary>A fleet of just these.</summary>
    public static SimulatedFleet Of(params IEnumerable<SimulatedWorkflow> workflows) => new([.. workflows]);

    /// <summary>Makes <paramref name="count"/> workflows, each of its own cluster, over two projects.</summary>
    /// <param name="stagger">They are created evenly over this long before the origin; 30 minutes by default.</param>
    /// <param name="scenarios">The scenarios they take in order; all of them by default.</param>
    /// <param name="first">Number of the first cluster: fleets of one seed that share no number share no cluster and no name.</param>
    public static SimulatedFleet Create(
        int count,
        int seed,
        TimeSpan? stagger = null,
        IReadOnlyList<Scenario>? scenarios = null,
        int first = 0
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        scenarios ??= Scenario.All;
#pragma warning disable CA5394 // A simulation wants dice that fall the same way again, not secrets.
        var random = new Random(seed);
        return new([
            .. Enumerable
                .Range(0, count)
                .Select(index =>
                {
                    var cluster = Cluster(seed, first + index);
                    var (from, target) = Versions[random.Next(Versions.Length)];
                    var before = (stagger ?? TimeSpan.FromMinutes(30)) * (index + random.NextDouble()) / count;
                    return new SimulatedWorkflow
                    {
                        ProjectId = cluster.ProjectId,
                        ClusterId = cluster.ClusterId,
                        ClusterName = cluster.Name,
                        Id = SimulatedWorkflow.IdOf(string.Create(CultureInfo.InvariantCulture, $"fleet/{seed}/{index}/workflow")),
                        FromVersion = from,
                        TargetVersion = target,
                        Life = scenarios[index % scenarios.Count],
                        CreatedAfter = -TimeSpan.FromMicroseconds(Math.Floor(before.TotalMicroseconds)),
                        Variation = 0.75 + random.NextDouble() / 2,
                    };
                }),
        ]);
#pragma warning restore CA5394
    }

    /// <summary>
    /// Makes clusters whose upgrades start at random: after each upgrade's end, or the origin, the next one is created after an
    /// exponentially distributed pause. At most one upgrade of a cluster is under way at a time, since upstream allows no more.
    /// </summary>
    /// <param name="clusters">Over two projects.</param>
    /// <param name="span">Starts lie within this long after the origin; a scenario may continue beyond it.</param>
    /// <param name="meanPause">Of the pauses, more than 0.</param>
    /// <param name="scenarios">The scenarios that upgrades take, at random; by default all that come to an end.</param>
    public static SimulatedFleet CreateRandom(
        int clusters,
        int seed,
        TimeSpan span,
        TimeSpan meanPause,
        IReadOnlyList<Scenario>? scenarios = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(clusters);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(meanPause, TimeSpan.Zero);
        scenarios ??= [.. Scenario.All.Where(Ends)];
        var all = Enumerable.Range(0, clusters).Select(index => Cluster(seed, index)).ToList();
        var workflows = new List<SimulatedWorkflow>();
        foreach (var (index, cluster) in all.Index())
        {
#pragma warning disable CA5394 // As above. Dice of its own for each cluster: more clusters change nothing about the others.
            var random = new Random(HashCode(seed, index));
            var at = Pause(random, meanPause);
            for (var number = 1; at < span; number++)
            {
                var (from, target) = Versions[random.Next(Versions.Length)];
                var workflow = new SimulatedWorkflow
                {
                    ProjectId = cluster.ProjectId,
                    ClusterId = cluster.ClusterId,
                    ClusterName = cluster.Name,
                    Id = SimulatedWorkflow.IdOf(string.Create(CultureInfo.InvariantCulture, $"fleet/{seed}/{index}/upgrade/{number}")),
                    FromVersion = from,
                    TargetVersion = target,
                    Life = scenarios[random.Next(scenarios.Count)],
                    CreatedAfter = at,
                    Variation = 0.75 + random.NextDouble() / 2,
                };
                workflows.Add(workflow);
                if (!Ends(workflow.Life))
                {
                    break;
                }

                at +=
                    TimeSpan.FromMicroseconds(
                        Math.Floor(
                            (
                                workflow.Life.Timeline.Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.After) * workflow.Variation
                            ).TotalMicroseconds
                        )
                    ) + Pause(random, meanPause);
            }
#pragma warning restore CA5394
        }

        return new(workflows, all);
    }

    private static bool Ends(Scenario scenario) =>
        new SimulatedWorkflow
        {
            ProjectId = "p",
            ClusterId = "c",
            ClusterName = "c",
            Id = "w",
            Life = scenario,
        }
            .StatesFrom(DateTimeOffset.UnixEpoch, 1)[^1]
            .IsFinal;

#pragma warning disable CA5394
    // Whole microseconds, as everything that upstream stamps.
    private static TimeSpan Pause(Random random, TimeSpan mean) =>
        TimeSpan.FromMicroseconds(Math.Floor(-Math.Log(1 - random.NextDouble()) * mean.TotalMicroseconds));
#pragma warning restore CA5394

    // Not System.HashCode, which differs from process to process.
    private static int HashCode(int seed, int index) => unchecked(seed * 1_000_003 + index * 7919);

    private static SimulatedCluster Cluster(int seed, int index) =>
        new(
            ProjectId(seed, index % 2),
            SimulatedWorkflow.IdOf(string.Create(CultureInfo.InvariantCulture, $"fleet/{seed}/{index}/cluster")),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Purposes[index % Purposes.Length]}-{Places[index / Purposes.Length % Places.Length]}-{index + 1}"
            )
        );

    /// <summary>A project id that a fleet of this seed uses: number 0 or 1.</summary>
    public static string ProjectId(int seed, int number) =>
        SimulatedWorkflow
            .IdOf(string.Create(CultureInfo.InvariantCulture, $"fleet/{seed}/project/{number}"))
            .Replace("-", "", StringComparison.Ordinal);
}
