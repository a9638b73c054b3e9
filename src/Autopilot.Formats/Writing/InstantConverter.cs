using System.Text.Json;
using System.Text.Json.Serialization;
using Autopilot.Core.Workflows;

namespace Autopilot.Formats.Writing;

/// <summary>Writes an instant as <see cref="InstantText"/> does.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        // The writer's own form of a UTC time, which is the same.
        writer.WriteStringValue(value.UtcDateTime);
    }
}
