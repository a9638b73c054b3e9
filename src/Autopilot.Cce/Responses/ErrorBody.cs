using Autopilot.Core.Workflows;

namespace Autopilot.Cce.Responses;

/// <summary>What an error answer says, in any of the shapes that CCE, the gateway and IAM use. Nothing here is redacted yet.</summary>
/// <param name="Readable">Whether it was a JSON object at all; proxies answer HTML, or nothing.</param>
/// <param name="IsPolicyDenial">Whether it has the encoded message that comes with a policy's denial.</param>
internal readonly record struct ErrorBody(string? Code, string? Message, string? RequestId, bool Readable, bool IsPolicyDenial = false)
{
    /// <summary>Longest text that is read of one member, in characters.</summary>
    private const int MaxText = 8192;

    /// <summary>Reads what there is; never throws.</summary>
    public static ErrorBody Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = ForeignJson.ParseObject(utf8);
            var root = document.RootElement;
            // Keystone's shape has one object inside.
            var body = ForeignJson.Member(root, "error"u8) is { ValueKind: System.Text.Json.JsonValueKind.Object } inner ? inner : root;
            string? Text(ReadOnlySpan<byte> name) => ForeignJson.Text(body, name, MaxText);
            var code = Text("error_code"u8) ?? Text("errorCode"u8) ?? Text("code"u8);
            var message = Text("error_msg"u8) ?? Text("errorMessage"u8);
            var more = Text("message"u8) ?? Text("reason"u8);
            var whole =
                message is null ? more
                : more is null || more == message ? message
                : $"{message}, {more}";
            return new(
                code,
                whole,
                ForeignJson.Text(root, "request_id"u8, MaxText),
                Readable: true,
                IsPolicyDenial: Text("encoded_authorization_message"u8) is not null
            );
        }
        catch (InvalidDocumentException)
        {
            return default;
        }
    }
}
