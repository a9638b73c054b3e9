using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Core.Reporting;

/// <summary>One of the slowest.</summary>
/// <param name="WorkflowId">Id of the upgrade workflow.</param>
/// <param name="ClusterId">Id of its cluster.</param>
/// <param name="ClusterName">The cluster's name; null while none is known.</param>
/// <param name="TargetVersion">Version upgraded to; null where it is unknown.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="EndedAt">When it ended, UTC.</param>
/// <param name="RunSeconds">How long any task ran.</param>
/// <param name="ElapsedSeconds">From creation to end; null where the creation is unknown.</param>
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
