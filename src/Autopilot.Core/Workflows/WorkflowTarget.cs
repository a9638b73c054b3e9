namespace Autopilot.Core.Workflows;

/// <summary>Where a workflow is found upstream. All three ids are in the form that <see cref="ResourceId"/> gives.</summary>
public sealed record WorkflowTarget(string ProjectId, string ClusterId, string WorkflowId);
