using System.Text.Json.Serialization;
using Autopilot.Api.Changes;
using Autopilot.Api.Clusters;
using Autopilot.Api.Health;
using Autopilot.Api.Mcp;
using Autopilot.Api.Notifications;
using Autopilot.Api.Polling;
using Autopilot.Api.Problems;
using Autopilot.Api.Reports;
using Autopilot.Api.Retention;
using Autopilot.Api.Workflows;
using Autopilot.Core.Reporting;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Api.Representations;

/// <summary>
/// Everything the API writes as JSON: generated at build time, camelCase, nulls left out, instants by <see cref="InstantConverter"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(InstantConverter)]
)]
[JsonSerializable(typeof(WorkflowSummary))]
[JsonSerializable(typeof(WaitResponse))]
[JsonSerializable(typeof(WorkflowPage))]
[JsonSerializable(typeof(FleetChanges))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(HistoryItem))]
[JsonSerializable(typeof(CycleResponse))]
[JsonSerializable(typeof(ExpiredResponse))]
[JsonSerializable(typeof(RetentionResponse))]
[JsonSerializable(typeof(ClusterResponse))]
[JsonSerializable(typeof(ClusterPage))]
[JsonSerializable(typeof(ProjectResponse))]
[JsonSerializable(typeof(ProjectPage))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(NotificationsResponse))]
[JsonSerializable(typeof(NotificationTestResponse))]
[JsonSerializable(typeof(UpgradeReport))]
[JsonSerializable(typeof(UpgradeOutlook))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunItem))]
[JsonSerializable(typeof(UpgradeTimeline))]
[JsonSerializable(typeof(UpgradeList))]
[JsonSerializable(typeof(BlockerExplanation))]
[JsonSerializable(typeof(UpgradeHistory))]
[JsonSerializable(typeof(AttentionList))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(ToolTimeline))]
[JsonSerializable(typeof(ToolReport))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ApiJson : JsonSerializerContext;
