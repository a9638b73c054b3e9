using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Requests;

/// <summary>What an endpoint asks of a body, which <see cref="BodyLimit"/> has read before.</summary>
internal static class RequestBody
{
    /// <summary>
    /// The whole body, without a copy, so it is valid only until the request ends. It is not consumed: later readers of the request see it
    /// unread.
    /// </summary>
    // What is not in memory by now is the body of a request that has none.
    public static ReadOnlyMemory<byte> Of(HttpRequest request) =>
        request.Body is MemoryStream body && body.TryGetBuffer(out var bytes) ? bytes : ReadOnlyMemory<byte>.Empty;

    /// <summary>JSON as readers of it want it: without a byte order mark.</summary>
    public static ReadOnlyMemory<byte> WithoutPreamble(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;

    /// <summary>Whether a body may be read as JSON; without a type it may.</summary>
    public static bool IsJson(string? contentType) =>
        contentType is null
        || (
            MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (
                type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            )
        );
}
