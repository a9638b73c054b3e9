using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autopilot.Api.Representations;

/// <summary>Writes an instant in RFC 3339, UTC, with <c>Z</c> and no trailing zeros: <c>2023-11-25T06:32:34.923248Z</c>.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        // The writer's own form of a UTC time, which is this one.
        writer.WriteStringValue(value.UtcDateTime);

    /// <summary>The same form as text, for links.</summary>
    public static string ToText(DateTimeOffset value) => value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
