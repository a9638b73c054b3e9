using System.Text.Json.Serialization;
using Autopilot.Core.Reporting;

namespace Autopilot.Storage;

/// <summary>JSON inside a property of a run's row. What a workflow's row holds is the domain's own (<see cref="Core.Workflows.StoredJsonContext"/>).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<FinishedTask>))]
internal sealed partial class RowJson : JsonSerializerContext;
