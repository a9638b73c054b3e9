using System.Text.Json.Serialization;

namespace Autopilot.Core.Tracking.FanOut;

[JsonSerializable(typeof(ShardMessage.Wire))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ShardMessageJson : JsonSerializerContext;
