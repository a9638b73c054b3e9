using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Api.Representations;
using Autopilot.Api.Workflows;
using Autopilot.Core.Workflows;

namespace Autopilot.OpenApi;

/// <summary>Schemas of the answers, made of the very metadata that writes them: a component for each record.</summary>
internal sealed class SchemaCatalog
{
    private static readonly CodeComments Comments = new("Autopilot.Core", "Autopilot.Api");

    /// <summary>
    /// The published names of schemas whose types have another name: generated clients name their classes after them, so that a published
    /// name never changes.
    /// </summary>
    private static readonly Dictionary<string, string> PublishedNames = new(StringComparer.Ordinal)
    {
        ["ProblemBody"] = "Problem",
        ["ActiveUpgrade"] = "ActiveRun",
        ["ClusterResponse"] = "ClusterAnswer",
        ["CycleResponse"] = "CycleAnswer",
        ["ExpiredResponse"] = "ExpiredAnswer",
        ["FailureResponse"] = "FailureAnswer",
        ["HealthResponse"] = "HealthAnswer",
        ["LastRetentionRun"] = "LastPass",
        ["NotificationTestResponse"] = "NotificationTestAnswer",
        ["NotificationsResponse"] = "NotificationsAnswer",
        ["ProjectResponse"] = "ProjectAnswer",
        ["RetentionResponse"] = "RetentionAnswer",
        ["SlowUpgrade"] = "SlowRun",
        ["TaskAttemptSummary"] = "TaskRunSummary",
        ["TaskStatistics"] = "TaskFigures",
        ["ThrottleResponse"] = "ThrottleAnswer",
        ["WebhookResponse"] = "WebhookAnswer",
        ["WebhookTestResponse"] = "WebhookTestAnswer",
    };

    /// <summary>The components so far, by name.</summary>
    public SortedDictionary<string, JsonObject> Components { get; } = new(StringComparer.Ordinal);

    public JsonObject Of(Type type)
    {
        if (type == typeof(object))
        {
            return new JsonObject { ["type"] = "object" };
        }

        if (type == typeof(HistoryState))
        {
            return Refer("WorkflowState", () => StateOf(type));
        }

        return Of(ApiJson.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{nameof(ApiJson)} does not write {type}."));
    }

    private JsonObject Of(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Dictionary => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = Of(Written(info.ElementType!)),
            },
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Of(Written(info.ElementType!)) },
            JsonTypeInfoKind.Object => Refer(
                PublishedNames.GetValueOrDefault(type.Name, type.Name),
                () => Described(ObjectOf(info), Comments.Of(type))
            ),
            _ => ScalarOf(type),
        };
    }

    private JsonObject Refer(string name, Func<JsonObject> make)
    {
        if (!Components.ContainsKey(name))
        {
            // Put there first, so that a record that holds itself ends.
            Components[name] = [];
            Components[name] = make();
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject ObjectOf(JsonTypeInfo info)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties.Where(property => property.Get is not null))
        {
            var member = (MemberInfo)property.AttributeProvider!;
            var schema =
                property.CustomConverter is not null && property.PropertyType.IsEnum
                    ? ScalarOf(property.PropertyType)
                    : Of(Written(property.PropertyType));
            // Nulls are left out, and everything else is always written.
            var isOptional = property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null;
            if (!isOptional)
            {
                required.Add(property.Name);
            }
            else if (IsValue(schema))
            {
                schema["type"] = new JsonArray(schema["type"]!.DeepClone(), "null");
            }

            properties[property.Name] = Described(schema, Comments.Of(member.DeclaringType!, member.Name));
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = required.Count > 0 ? required : null,
            ["properties"] = properties,
        }.WithoutNulls();
    }

    /// <summary>
    /// What many languages hold as a value without null, so that a client would read midnight of the year 1, or 0, of what is not there.
    /// </summary>
    private static bool IsValue(JsonObject schema) =>
        schema["type"] is JsonValue type && (type.GetValue<string>() is "integer" or "number" or "boolean" || schema["format"] is not null);

    // Written by hand (see StateBody), since the document is passed on byte for byte.
    private JsonObject StateOf(Type type)
    {
        var schema = ObjectOf(Written(typeof(HistoryItem)));
        schema["required"]!.AsArray().Add("document");
        schema["properties"]!["document"] = new JsonObject { ["type"] = "object", ["description"] = "Upstream's JSON, byte for byte." };
        return Described(schema, Comments.Of(type));
    }

    private JsonObject ScalarOf(Type type) =>
        type switch
        {
            _ when type == typeof(string) => new() { ["type"] = "string" },
            _ when type == typeof(bool) => new() { ["type"] = "boolean" },
            _ when type == typeof(int) => new() { ["type"] = "integer", ["format"] = "int32" },
            _ when type == typeof(long) => new() { ["type"] = "integer", ["format"] = "int64" },
            _ when type == typeof(double) => new() { ["type"] = "number", ["format"] = "double" },
            _ when type == typeof(DateTimeOffset) => new() { ["type"] = "string", ["format"] = "date-time" },
            { IsEnum: true } => WordsOf(type, Enum.GetNames(type)),
            _ when type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IExtensibleEnum<>)) =>
                WordsOf(
                    type,
                    type.GetProperties(BindingFlags.Public | BindingFlags.Static)
                        .Where(known => known.PropertyType == type)
                        .Select(known => known.Name)
                ),
            _ => throw new InvalidOperationException($"No schema is known for {type}."),
        };

    // Words may be added, so that a reader who takes the list for complete would break: it is not an 'enum'.
    private JsonObject WordsOf(Type type, IEnumerable<string> words) =>
        Refer(
            type.Name,
            () =>
                new JsonObject
                {
                    ["type"] = "string",
                    ["x-extensible-enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]),
                    ["description"] = string.Join(
                        '\n',
                        [Comments.Of(type), "", .. words.Select(word => $"- `{word}`: {Comments.OfWord(type, word)}")]
                    ),
                }
        );

    private static JsonTypeInfo Written(Type type) =>
        ApiJson.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{nameof(ApiJson)} does not write {type}.");

    private static JsonObject Described(JsonObject schema, string? description)
    {
        if (description is not null)
        {
            schema["description"] = description;
        }

        return schema;
    }
}
