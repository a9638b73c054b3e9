using System.Text.Json.Serialization;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(InstantConverter)]
)]
[JsonSerializable(typeof(CloudEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
