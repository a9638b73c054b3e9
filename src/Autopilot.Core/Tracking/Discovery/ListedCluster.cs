namespace Autopilot.Core.Tracking.Discovery;

/// <summary>A cluster as upstream shows it.</summary>
/// <param name="Id">In the form that <see cref="Workflows.ResourceId"/> gives.</param>
/// <param name="Name">The name that people gave it, at most <see cref="ClusterDocument.MaxName"/> characters without control characters;
/// null when upstream gives none.</param>
public sealed record ListedCluster(string Id, string? Name);
