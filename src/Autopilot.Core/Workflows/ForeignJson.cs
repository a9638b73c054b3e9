using System.Text;
using System.Text.Json;

namespace Autopilot.Core.Workflows;

/// <summary>
/// Reads JSON that others wrote. Once a document is parsed, nothing here throws: not for broken UTF-8, not for half a surrogate pair, in
/// values and in members' names alike.
/// </summary>
public static class ForeignJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Parses a document whose root is an object, up to 64 levels deep. A byte order mark is passed over.</summary>
    /// <exception cref="InvalidDocumentException">It is not JSON or not an object.</exception>
    public static JsonDocument ParseObject(ReadOnlyMemory<byte> utf8)
    {
        var json = WithoutPreamble(utf8);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            // The exception's own text may quote the document.
            throw new InvalidDocumentException(
                $"The answer is not JSON that can be read (line {e.LineNumber + 1 ?? 1}, {json.Length} bytes)."
            );
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        var kind = document.RootElement.ValueKind;
        document.Dispose();
        throw new InvalidDocumentException($"The answer is JSON, but not an object: {kind}.");
    }

    /// <summary>
    /// A member of an object, of a repeated one the last. Undefined where there is none, or where the element is no object.
    /// </summary>
    public static JsonElement Member(JsonElement element, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (JsonStrings.Name(member).SequenceEqual(name))
                {
                    found = member.Value;
                }
            }
        }

        return found;
    }

    /// <summary>
    /// A scalar member as text, cut to <paramref name="maxLength"/> characters: a string as it is, a number or a boolean as it was written.
    /// Null where there is none, and for null, an object, an array and blank text.
    /// </summary>
    public static string? Text(JsonElement element, ReadOnlySpan<byte> name, int maxLength) =>
        JsonStrings.Scalar(Member(element, name), maxLength);

    /// <summary>The objects of an array; one object stands for an array of one.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement element) =>
        Values(element).Where(value => value.ValueKind == JsonValueKind.Object);

    /// <summary>The entries of an array; anything else but null stands for an array of one.</summary>
    public static IEnumerable<JsonElement> Values(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray(),
            JsonValueKind.Undefined or JsonValueKind.Null => [],
            _ => [element],
        };

    /// <summary>The bytes behind a byte order mark, where one stands in front.</summary>
    internal static ReadOnlyMemory<byte> WithoutPreamble(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
}
