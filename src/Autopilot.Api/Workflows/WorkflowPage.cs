using Autopilot.Core.Workflows;

namespace Autopilot.Api.Workflows;

/// <summary>A page of summaries; no link on the last one.</summary>
internal sealed record WorkflowPage(IReadOnlyList<WorkflowSummary> Value, string? NextLink);
