using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Autopilot.Api.Requests;

/// <summary>Reads a body whole. <see cref="BodyLimit"/> has made sure that it is small.</summary>
internal static class RequestBody
{
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, cancellationToken);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }

    /// <summary>Whether a body may be read as JSON; without a type it may.</summary>
    public static bool IsJson(string? contentType) =>
        contentType is null
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));
}
