namespace Autopilot.Simulator.Fleet;

/// <summary>A cluster that upstream knows.</summary>
/// <param name="ProjectId">32 hex digits, as project ids are.</param>
/// <param name="Name">As people know it.</param>
public sealed record SimulatedCluster(string ProjectId, string ClusterId, string Name);
