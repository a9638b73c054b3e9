using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using ModelContextProtocol.Protocol;

namespace Autopilot.Api.Mcp;

/// <summary>What a tool answers: short text for reading and the same facts as data. Text of others comes without control characters in both.</summary>
internal static class ToolAnswer
{
    /// <summary>Longest text of others that is passed on in one piece, in characters.</summary>
    private const int MaxString = 4096;

    /// <param name="value">The facts.</param>
    /// <param name="type">How they are written.</param>
    /// <param name="lines">The headline first; null lines are left out.</param>
    public static CallToolResult Of<T>(T value, JsonTypeInfo<T> type, params IEnumerable<string?> lines) => new()
    {
        Content = [new TextContentBlock { Text = string.Join('\n', lines.Where(line => line is not null).Select(Plain)) }],
        StructuredContent = Clean(JsonBody.Serialize(value, type)),
    };

    /// <summary>What went wrong and what to try, as a result that the agent reads and not as a failure of the protocol.</summary>
    public static CallToolResult Refused(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = Plain(text) }] };

    public static string Plain(string? text) => ForeignText.OneLine(text, MaxString) ?? "";

    private static JsonElement Clean(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(buffer))
            Copy(document.RootElement, writer);
        using var clean = JsonDocument.Parse(buffer.WrittenMemory);
        return clean.RootElement.Clone();
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Copy(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Copy(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Plain(element.GetString()));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
