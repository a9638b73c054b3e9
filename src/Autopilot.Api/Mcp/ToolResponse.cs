using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Api.Representations;
using Autopilot.Core.Workflows;
using ModelContextProtocol.Protocol;

namespace Autopilot.Api.Mcp;

/// <summary>
/// What a tool answers: text that is whole by itself, and the same facts as data. Text of others comes without control characters in both.
/// </summary>
internal static class ToolResponse
{
    /// <summary>
    /// Limit of text and data together in an answer without <c>limit</c>, by <see cref="TokenEstimate"/>: with its error under 10,000
    /// tokens.
    /// </summary>
    public const int MaxTokens = 9_000;

    /// <summary>Longest text of others that is passed on in one piece, in characters.</summary>
    private const int MaxString = 4096;

    /// <summary>From whole to short: the longest text and the most entries of one list.</summary>
    private static readonly (int Text, int Entries)[] Lengths =
    [
        (MaxString, int.MaxValue),
        (1024, 200),
        (512, 100),
        (256, 50),
        (256, 20),
        (256, 8),
        (128, 8),
        (128, 5),
        (64, 5),
        (64, 3),
    ];

    /// <summary>Other scripts as they are: escaped, a character has six.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer of at most <see cref="MaxTokens"/>: what is longer is shortened, and says so.</summary>
    /// <param name="value">The facts.</param>
    /// <param name="type">How they are written.</param>
    /// <param name="lines">The headline first; null lines are left out.</param>
    public static CallToolResult Of<T>(T value, JsonTypeInfo<T> type, params IEnumerable<string?> lines) =>
        Page(value, type, lines, null, shortens: true);

    /// <summary>A page of many things.</summary>
    /// <inheritdoc cref="Of{T}"/>
    /// <param name="token">Leads to the next page, and is never shortened; null on the last one.</param>
    /// <param name="shortens">Whether to keep to <see cref="MaxTokens"/>; otherwise the answer is as long as it is.</param>
    public static CallToolResult Page<T>(T value, JsonTypeInfo<T> type, IEnumerable<string?> lines, string? token, bool shortens)
    {
        var json = JsonBody.Serialize(value, type);
        var all = lines.OfType<string>().ToList();
        CallToolResult answer = new();
        foreach (var (text, entries) in shortens ? Lengths : Lengths.AsSpan(0, 1))
        {
            answer = Make(json, all, token, text, entries);
            if (Fits(answer))
            {
                break;
            }
        }

        return answer;
    }

    /// <summary>Whether an answer keeps to <see cref="MaxTokens"/>.</summary>
    public static bool Fits(CallToolResult answer) =>
        answer.Content.OfType<TextContentBlock>().Sum(block => TokenEstimate.Of(block.Text))
            + TokenEstimate.Of(answer.StructuredContent?.GetRawText())
        <= MaxTokens;

    /// <summary>
    /// What went wrong and what to try, as a result that the agent reads and not as a failure of the protocol. The text says that it is an
    /// error: many clients drop the flag.
    /// </summary>
    public static CallToolResult Refused(string text) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = $"Error: {Plain(text)}" }] };

    public static string Plain(string? text) => ForeignText.OneLine(text, MaxString) ?? "";

    private static CallToolResult Make(ReadOnlyMemory<byte> json, List<string> lines, string? token, int text, int entries)
    {
        var written = new StringBuilder();
        // A line is our sentence around texts of others, so it may be longer than they are.
        var longest = Math.Min(MaxString, text * 4);
        var most = entries == int.MaxValue ? int.MaxValue : entries * 2;
        written.AppendJoin('\n', lines.Take(most).Select(line => ForeignText.OneLine(line, longest)));
        if (text < MaxString)
        {
            written
                .Append('\n')
                .Append(
                    $"Shortened to fit: {(lines.Count > most ? $"{lines.Count - most} more lines are left out, " : "")}texts end "
                        + $"after {text} characters and lists after {entries} entries. The HTTP API has all of it."
                );
        }

        if (token is not null)
        {
            written.Append('\n').Append($"There are more: call again with the same arguments and continuationToken '{token}'.");
        }

        return new() { Content = [new TextContentBlock { Text = written.ToString() }], StructuredContent = Clean(json, text, entries) };
    }

    private static JsonElement Clean(ReadOnlyMemory<byte> json, int text, int entries)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            Copy(document.RootElement, writer, text, entries);
        }

        using var clean = JsonDocument.Parse(buffer.WrittenMemory);
        return clean.RootElement.Clone();
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer, int text, int entries)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Copy(member.Value, writer, member.NameEquals("continuationToken"u8) ? MaxString : text, entries);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray().Take(entries))
                {
                    Copy(item, writer, text, entries);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(ForeignText.OneLine(element.GetString(), text));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
