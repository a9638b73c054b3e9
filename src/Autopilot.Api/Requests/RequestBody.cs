using Microsoft.AspNetCore.Http;

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
}
