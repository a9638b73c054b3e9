using System.Text.Json.Serialization;

namespace Autopilot.Cce.Tokens;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IamRequest))]
internal sealed partial class IamJson : JsonSerializerContext;
