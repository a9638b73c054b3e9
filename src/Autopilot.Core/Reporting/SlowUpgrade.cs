using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One of the slowest.</summary>
public sealed record SlowUpgrade(
    string WorkflowId,
    string ClusterId,
    string? ClusterName,
    string? TargetVersion,
    [property: JsonConverter(typeof(JsonStringEnumConverter<WorkflowOutcome>))] WorkflowOutcome Outcome,
    DateTimeOffset EndedAt,
    double RunSeconds,
    double? ElapsedSeconds
);
