namespace Autopilot.Core.Workflows;

/// <summary>A cluster that settings name. Both ids are in the form that <see cref="ResourceId"/> gives.</summary>
public sealed record ClusterTarget(string ProjectId, string ClusterId);
