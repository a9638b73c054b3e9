using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autopilot.Notifications.Formats;

/// <summary>Writes an instant as the API does: RFC 3339, UTC, with <c>Z</c> and no trailing zeros.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}
