using System.Buffers;
using System.Collections.Frozen;

namespace Autopilot.Core.Notifications;

/// <summary>
/// Header fields that an operator adds to a webhook's requests, such as <c>Authorization</c>. Their values are secrets: no message of ours
/// shows one.
/// </summary>
internal static class WebhookHeaders
{
    /// <summary>Most fields of one webhook.</summary>
    public const int Max = 10;

    /// <summary>Longest value, in characters.</summary>
    private const int MaxValue = 4096;

    // RFC 9110, 5.6.2: a token.
    private static readonly SearchValues<char> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    /// <summary>What frames the request, belongs to the connection, or is ours to say.</summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "Host",
        "Connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Date",
        "Via",
        "Cookie",
        "Origin",
        "Proxy-Authorization",
        "Proxy-Connection",
        "Allow",
        "Expires",
        "Last-Modified",
        "traceparent",
        "tracestate",
        "baggage",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "X-Autopilot-Signature",
        "WebHook-Request-Origin",
        "WebHook-Request-Rate",
        "WebHook-Request-Callback",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads one field, <c>Name: value</c>.</summary>
    /// <param name="text">As it was given.</param>
    /// <param name="wrong">What is wrong and what is allowed, without any of the text unless it is a known name; null when it is
    /// valid.</param>
    /// <returns>The field; null when it is wrong.</returns>
    public static KeyValuePair<string, string>? Read(string text, out string? wrong)
    {
        const string Allowed = "give one field as 'Name: value', such as 'Authorization: Bearer …'";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? ("", "") : (text[..colon].TrimEnd(' ', '\t'), text[(colon + 1)..].Trim(' ', '\t'));
        wrong =
            colon < 0 ? $"has no colon: {Allowed}"
            : name.Length is 0 or > 128 || name.AsSpan().ContainsAnyExcept(Token) ? $"has no field name before its colon: {Allowed}"
            : Reserved.TryGetValue(name, out var reserved) ? $"sets {reserved}, which is not for settings to set: give another field"
            : name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                ? "sets a field of the body (Content-…), which the format decides: give another field"
            : value.Length == 0 ? $"has no value: {Allowed}"
            : value.Length > MaxValue ? $"is longer than {MaxValue} characters: {Allowed}"
            : value.Any(c => c is not '\t' and (< ' ' or > '~')) ? $"holds a line break, or a character outside of ASCII: {Allowed}"
            : null;
        return wrong is null ? KeyValuePair.Create(name, value) : null;
    }
}
