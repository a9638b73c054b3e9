using System.Text.Json.Serialization;
using Autopilot.Core.Reporting;
using Autopilot.Core.Retention;
using Autopilot.Core.Serialization;

namespace Autopilot.Storage.Rows;

/// <summary>
/// JSON inside a property of a row of the runs' table. What a workflow's row holds is the domain's own
/// (<see cref="StoredJsonContext"/>).
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(IReadOnlyList<FinishedTask>))]
[JsonSerializable(typeof(Autopilot.Core.Workflows.TimeSplit))]
[JsonSerializable(typeof(RetentionResult))]
internal sealed partial class RowJson : JsonSerializerContext;
