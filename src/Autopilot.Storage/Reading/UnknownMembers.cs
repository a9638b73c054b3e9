using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Autopilot.Storage.Reading;

/// <summary>
/// Members of stored JSON that this version does not know. They are taken out of what was read, each in its place, and put back into what
/// is written. An object in a list is known again by the members that name it, or else by its place.
/// </summary>
internal static class UnknownMembers
{
    /// <summary>Members that name an object among others of its list.</summary>
    private static readonly string[] Names = ["type", "taskId", "from", "to", "field", "name"];

    private static readonly ConcurrentDictionary<JsonSerializerOptions, JsonSerializerOptions> Strict = new();

    /// <summary>Reads JSON that as a rule holds nothing unknown: then it costs nothing more than any reading.</summary>
    /// <param name="unknown">Null where all is known.</param>
    /// <exception cref="JsonException">It is broken, or of another shape.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, out JsonNode? unknown)
    {
        unknown = null;
        try
        {
            return JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)StrictOf(type));
        }
        catch (JsonException)
        {
            // Either a member is unknown or the JSON is broken: deserializing decides.
            var value = JsonSerializer.Deserialize(json, type);
            unknown = Of(JsonNode.Parse(json), type);
            return value;
        }
    }

    /// <summary>The JSON with what was unknown in its place again.</summary>
    public static string PutBack(string json, JsonNode unknown)
    {
        var whole = JsonNode.Parse(json);
        PutBack(whole, unknown);
        return whole!.ToJsonString();
    }

    private static JsonTypeInfo StrictOf(JsonTypeInfo type) =>
        Strict
            .GetOrAdd(
                type.Options,
                options => new JsonSerializerOptions(options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow }
            )
            .GetTypeInfo(type.Type);

    /// <summary>
    /// What a type does not know of a node; null where it knows all. In a list the known items stand as the names that they are found by
    /// again.
    /// </summary>
    private static JsonNode? Of(JsonNode? node, JsonTypeInfo type)
    {
        switch (node, type.Kind)
        {
            case (JsonObject some, JsonTypeInfoKind.Object):
                var known = type.Properties.ToDictionary(
                    property => property.Name,
                    property => property.PropertyType,
                    StringComparer.Ordinal
                );
                return Some(some, name => known.TryGetValue(name, out var property) ? type.Options.GetTypeInfo(property) : null);
            case (JsonObject some, JsonTypeInfoKind.Dictionary):
                return Some(some, _ => type.Options.GetTypeInfo(type.ElementType!));
            case (JsonArray items, JsonTypeInfoKind.Enumerable):
                var element = type.Options.GetTypeInfo(type.ElementType!);
                var parts = items.Select(item => (Item: item, Unknown: Of(item, element))).ToList();
                return parts.TrueForAll(part => part.Unknown is null)
                    ? null
                    : new JsonArray([
                        .. parts.Select(part => new JsonObject { ["named"] = NamesOf(part.Item), ["unknown"] = part.Unknown }),
                    ]);
            default:
                return null;
        }
    }

    private static JsonObject? Some(JsonObject some, Func<string, JsonTypeInfo?> typeOf)
    {
        JsonObject? unknown = null;
        foreach (var (name, value) in some)
        {
            var part = typeOf(name) is { } type ? Of(value, type) : value?.DeepClone() ?? JsonValue.Create((string?)null);
            if (part is not null || typeOf(name) is null)
            {
                (unknown ??= [])[name] = part;
            }
        }
        return unknown;
    }

    private static JsonObject NamesOf(JsonNode? item) =>
        new(
            Names
                .Where(name => item is JsonObject some && some.ContainsKey(name))
                .Select(name => KeyValuePair.Create(name, item![name]?.DeepClone()))
        );

    private static void PutBack(JsonNode? node, JsonNode? unknown)
    {
        switch (node, unknown)
        {
            case (JsonObject some, JsonObject parts):
                foreach (var (name, part) in parts)
                {
                    if (!some.ContainsKey(name))
                    {
                        some[name] = part?.DeepClone();
                    }
                    else
                    {
                        PutBack(some[name], part);
                    }
                }
                break;
            case (JsonArray items, JsonArray parts):
                PutBack(items, parts);
                break;
        }
    }

    private static void PutBack(JsonArray items, JsonArray parts)
    {
        var left = items.Select((item, index) => (Item: item, Index: index)).ToList();
        foreach (var (place, part) in parts.Index())
        {
            var named = part!["named"]!.AsObject();
            // The place decides among equals, and where nothing names the items.
            var found = left.FindIndex(one => one.Index == place && JsonNode.DeepEquals(NamesOf(one.Item), named));
            found =
                found >= 0 ? found
                : named.Count > 0 ? left.FindIndex(one => JsonNode.DeepEquals(NamesOf(one.Item), named))
                : -1;
            if (found >= 0)
            {
                PutBack(left[found].Item, part["unknown"]);
                left.RemoveAt(found);
            }
        }
    }
}
