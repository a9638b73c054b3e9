using System.Globalization;
using Autopilot.Simulator.Lives;

namespace Autopilot.Simulator.Fleet;

/// <summary>The workflows of a simulator. Deterministic: the same count and seed give the same ids, lives and times.</summary>
public sealed class SimulatedFleet
{
    private static readonly string[] Places = ["jakarta", "bangkok", "singapore", "manila", "hanoi", "dublin", "istanbul", "lima"];
    private static readonly string[] Purposes = ["checkout", "search", "billing", "ledger", "media", "portal", "risk", "fleet"];
    private static readonly (string From, string Target)[] Versions =
        [("v1.27.8-r0", "v1.28.6-r0"), ("v1.28.6-r0", "v1.29.8-r0"), ("v1.29.8-r0", "v1.31.4-r0"), ("v1.28.6-r0", "v1.28.8-r2")];

    private SimulatedFleet(IReadOnlyList<SimulatedWorkflow> workflows) => Workflows = workflows;

    /// <summary>The workflows it begins with; a running simulator can be given more.</summary>
    public IReadOnlyList<SimulatedWorkflow> Workflows { get; }

    /// <summary>A fleet of just these.</summary>
    public static SimulatedFleet Of(params IEnumerable<SimulatedWorkflow> workflows) => new([.. workflows]);

    /// <summary>Makes <paramref name="count"/> workflows, each of its own cluster, over two projects.</summary>
    /// <param name="stagger">They are created evenly over this long before the origin; 30 minutes by default.</param>
    /// <param name="lives">The lives they take in turn; all of them by default.</param>
    public static SimulatedFleet Create(int count, int seed, TimeSpan? stagger = null, IReadOnlyList<Life>? lives = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lives ??= Life.All;
#pragma warning disable CA5394 // A simulation wants dice that fall the same way again, not secrets.
        var dice = new Random(seed);
        return new([.. Enumerable.Range(0, count).Select(index =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"fleet/{seed}/{index}");
            var (from, target) = Versions[dice.Next(Versions.Length)];
            var before = (stagger ?? TimeSpan.FromMinutes(30)) * (index + dice.NextDouble()) / count;
            return new SimulatedWorkflow
            {
                ProjectId = ProjectId(seed, index % 2),
                ClusterId = SimulatedWorkflow.IdOf(name + "/cluster"),
                ClusterName = string.Create(CultureInfo.InvariantCulture, $"{Purposes[index % Purposes.Length]}-{Places[index / Purposes.Length % Places.Length]}-{index + 1}"),
                Id = SimulatedWorkflow.IdOf(name + "/workflow"),
                FromVersion = from,
                TargetVersion = target,
                Life = lives[index % lives.Count],
                CreatedAfter = -TimeSpan.FromMicroseconds(Math.Floor(before.TotalMicroseconds)),
                Variation = 0.75 + dice.NextDouble() / 2,
            };
        })]);
#pragma warning restore CA5394
    }

    /// <summary>A project id that a fleet of this seed uses: number 0 or 1.</summary>
    public static string ProjectId(int seed, int number) =>
        SimulatedWorkflow.IdOf(string.Create(CultureInfo.InvariantCulture, $"fleet/{seed}/project/{number}")).Replace("-", "", StringComparison.Ordinal);
}
