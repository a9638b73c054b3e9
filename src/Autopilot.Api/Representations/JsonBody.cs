using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autopilot.Formats.Writing;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Representations;

/// <summary>
/// Makes bodies whole before a byte of them leaves. So an error while writing can still become a clean answer, and a hash needs all of a
/// body.
/// </summary>
internal static class JsonBody
{
    /// <summary>Content type of every JSON answer that is not an error.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    public static ReadOnlyMemory<byte> Serialize<T>(T value, JsonTypeInfo<T> type) =>
        JsonBytes.Write(writer => JsonSerializer.Serialize(writer, value, type));

    /// <summary>Writes a whole body; for HEAD only its headers.</summary>
    public static async Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            ResponseCompression.ActAsIfSent(context);
        }
        else
        {
            await ResponseWriter.WriteAsync(context, body);
        }
    }
}
