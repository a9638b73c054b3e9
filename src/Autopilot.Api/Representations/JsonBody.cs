using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Representations;

/// <summary>Bodies are made whole before a byte of them leaves: an error while writing can still become a clean answer, and a hash needs all of them.</summary>
internal static class JsonBody
{
    /// <summary>Content type of every JSON answer that is not an error.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    // Names and messages in any script stay readable; no answer is ever HTML (see SecurityHeaders).
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Serialize<T>(T value, JsonTypeInfo<T> type) => Write(writer => JsonSerializer.Serialize(writer, value, type));

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes a whole body; for HEAD only its headers.</summary>
    public static async Task WriteAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            AnswerCompression.ActAsIfSent(context);
        else
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
