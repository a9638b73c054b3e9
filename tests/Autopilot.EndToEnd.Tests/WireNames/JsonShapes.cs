using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Autopilot.EndToEnd.Tests.WireNames;

/// <summary>
/// The JSON objects that an assembly reads and writes: the names and kinds of their members, and the words of their enums, without any
/// name of a type.
/// </summary>
internal static class JsonShapes
{
    /// <summary>One text for each object, its members in ordinal order; objects with the same members are one.</summary>
    public static IEnumerable<string> Of(Assembly assembly)
    {
        var infos = assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(JsonSerializerContext))).SelectMany(InfosOf).ToList();
        var reached = new Dictionary<(Type, JsonSerializerOptions), JsonTypeInfo>();
        infos.ForEach(Reach);
        return reached
            .Values.Where(info => info.Kind is JsonTypeInfoKind.Object)
            .Select(info => string.Join('\n', MembersOf(info).Select(member => $"  {member}").Order(StringComparer.Ordinal)))
            .Where(text => text.Length > 0)
            .Distinct();

        void Reach(JsonTypeInfo info)
        {
            if (!reached.TryAdd((info.Type, info.Options), info))
            {
                return;
            }

            foreach (var property in info.Kind is JsonTypeInfoKind.Object ? info.Properties : [])
            {
                Reach(info.Options.GetTypeInfo(property.PropertyType));
            }

            if (info.ElementType is { } element)
            {
                Reach(info.Options.GetTypeInfo(element));
            }
        }
    }

    private static IEnumerable<JsonTypeInfo> InfosOf(Type context)
    {
        var shared = (JsonSerializerContext)context.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        return context
            .GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => shared.GetTypeInfo((Type)attribute.ConstructorArguments[0].Value!)!);
    }

    private static IEnumerable<string> MembersOf(JsonTypeInfo info) =>
        (
            info.PolymorphismOptions?.DerivedTypes.Select(derived =>
                $"{info.PolymorphismOptions.TypeDiscriminatorPropertyName}: '{derived.TypeDiscriminator}'"
            ) ?? []
        ).Concat(
            info.Properties.Where(property => property.Get is not null || property.Set is not null)
                .Select(property => $"{property.Name}: {KindOf(info.Options.GetTypeInfo(property.PropertyType))}")
        );

    private static string KindOf(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => "object",
            JsonTypeInfoKind.Enumerable => $"[{KindOf(info.Options.GetTypeInfo(info.ElementType!))}]",
            JsonTypeInfoKind.Dictionary => $"map of {KindOf(info.Options.GetTypeInfo(info.ElementType!))}",
            _ when type.IsEnum => string.Join(
                " | ",
                Enum.GetValues(type)
                    .Cast<object>()
                    .Select(value => JsonSerializer.Serialize(value, info.Options.GetTypeInfo(type)).Trim('"'))
            ),
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(DateTimeOffset) || type == typeof(TimeSpan) => "time",
            _ when type.IsPrimitive || type == typeof(decimal) => "number",
            // Words of upstream's have types of their own, and are texts on the wire.
            _ => "text",
        };
    }
}
