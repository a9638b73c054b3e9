using System.Security.Cryptography;
using System.Text;
using Autopilot.Simulator.Scenarios;

namespace Autopilot.Simulator.Fleet;

/// <summary>A workflow that upstream knows, and the scenario it will follow.</summary>
public sealed record SimulatedWorkflow
{
    /// <summary>32 hex digits, as project ids are.</summary>
    public required string ProjectId { get; init; }

    public required string ClusterId { get; init; }

    public required string ClusterName { get; init; }

    public required string Id { get; init; }

    public string FromVersion { get; init; } = "v1.28.6-r0";

    public string TargetVersion { get; init; } = "v1.29.8-r0";

    public required Scenario Life { get; init; }

    /// <summary>
    /// When it is created, after the simulator's origin; negative for before. At pace 1. Until then upstream does not know it.
    /// </summary>
    public TimeSpan CreatedAfter { get; init; }

    /// <summary>Multiplies every duration of its scenario, so that no two workflows are alike; more than 0. Default 1.</summary>
    public double Variation { get; init; } = 1;

    /// <summary>
    /// Every state it will have, oldest first: a pure function of the scenario, the origin and the pace.
    /// </summary>
    /// <param name="pace">Divides every duration, the hour that a pre-check is valid included.</param>
    public IReadOnlyList<WorkflowState> StatesFrom(DateTimeOffset origin, double pace)
    {
        var at = origin + CreatedAfter / pace;
        var states = new List<WorkflowState>
        {
            new()
            {
                Version = 1,
                At = at,
                What = "workflow is created",
                UpdatedAt = at,
            },
        };
        foreach (var step in Life.Timeline.Steps)
        {
            at += step.After * Variation / pace;
            var change = new Change(states[^1], at, TimeSpan.FromHours(1) / pace, TaskId);
            step.Apply(change);
            states.Add(change.State with { Version = states.Count + 1, At = at, What = change.What });
        }

        return states;
    }

    private string TaskId(string type, int number) => IdOf($"{Id}/{type}/{number}");

    internal static string IdOf(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();
}
