using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Notifications;
using Autopilot.Core.Workflows;
using Autopilot.Formats.Writing;

namespace Autopilot.Notifications.Formats;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CloudEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
