using System.Text.Json;

namespace Autopilot.Cce.Answers;

/// <summary>What an error answer says, in any of the shapes that CCE, the gateway and IAM use. Nothing here is redacted yet.</summary>
/// <param name="Readable">Whether it was a JSON object at all; proxies answer HTML, or nothing.</param>
internal readonly record struct ErrorBody(string? Code, string? Message, string? RequestId, bool Readable)
{
    /// <summary>Reads what there is; never throws.</summary>
    public static ErrorBody Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return default;
            // Keystone's shape has one object inside.
            var body = root.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
            var code = Text(body, "error_code") ?? Text(body, "errorCode") ?? Text(body, "code");
            var message = Text(body, "error_msg") ?? Text(body, "errorMessage");
            var more = Text(body, "message") ?? Text(body, "reason");
            return new(code, message is null ? more : more is null || more == message ? message : $"{message}, {more}", Text(root, "request_id"), true);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;
}
