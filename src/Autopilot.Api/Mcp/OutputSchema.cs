using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Core.Workflows;

namespace Autopilot.Api.Mcp;

/// <summary>Schemas of the answers, made of the very metadata that writes them.</summary>
internal static class OutputSchema
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
            if (type == typeof(DateTimeOffset))
            {
                return new JsonObject { ["type"] = context.TypeInfo.Type == type ? "string" : NullableText(), ["format"] = "date-time" };
            }
            // Nulls are left out of every answer, so what may be null is not required; neither is what only refers to another part of the
            // schema.
            if (schema is JsonObject { } node && node["required"] is JsonArray required && node["properties"] is JsonObject properties)
            {
                node["required"] = new JsonArray([
                    .. required
                        .Select(name => name!.GetValue<string>())
                        .Where(name => !MayBeNull(properties[name]))
                        .Select(name => JsonValue.Create(name)),
                ]);
            }

            return type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IExtensibleEnum<>))
                ? new JsonObject { ["type"] = context.TypeInfo.Type == type ? "string" : NullableText() }
                : schema;
        },
    };

    public static JsonElement Of(JsonTypeInfo type)
    {
        using var document = JsonDocument.Parse(type.GetJsonSchemaAsNode(Options).ToJsonString());
        return document.RootElement.Clone();
    }

    private static JsonArray NullableText() => new("string", "null");

    private static bool MayBeNull(JsonNode? schema) =>
        schema is not JsonObject node
        || node["$ref"] is not null
        || (node["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
        || (node["enum"] is JsonArray words && words.Any(word => word is null));
}
